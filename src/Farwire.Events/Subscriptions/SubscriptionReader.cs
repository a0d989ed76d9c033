using System.Globalization;
using System.Xml;
using Farwire.Events.Queries;

namespace Farwire.Events.Subscriptions;

/// <summary>Reads a subscription from its XML.</summary>
/// <remarks>
/// Windows Event Collector, "Subscription schema". Elements may come in any order; names of elements count exactly, values of enumerations and
/// booleans without regard to case. An unknown element is refused with its line: a misspelt rule must not be a missing rule.
/// </remarks>
public static class SubscriptionReader
{
    /// <summary>Reads one subscription.</summary>
    /// <exception cref="SubscriptionFormatException">It is not one; the message says where and why.</exception>
    public static SubscriptionDefinition Read(string xml) => Read(new StringReader(xml.TrimStart('\uFEFF', ' ', '\r', '\n', '\t')));

    /// <summary>Reads one subscription.</summary>
    /// <exception cref="SubscriptionFormatException">It is not one; the message says where and why.</exception>
    public static SubscriptionDefinition Read(TextReader text)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = SubscriptionXml.MaxCharacters,
        };
        try
        {
            using var reader = XmlReader.Create(text, settings);
            reader.MoveToContent();
            if (reader.LocalName != "Subscription" || reader.NamespaceURI != SubscriptionXml.Namespace)
            {
                throw Wrong(reader, $"the element must be 'Subscription' in '{SubscriptionXml.Namespace}', not '{reader.LocalName}' in '{reader.NamespaceURI}'.");
            }

            return new Walk(reader).Read();
        }
        catch (XmlException e)
        {
            throw new SubscriptionFormatException(e.LineNumber, $"the XML is not well-formed: {e.Message}");
        }
    }

    private static SubscriptionFormatException Wrong(XmlReader reader, string problem) => new(((IXmlLineInfo)reader).LineNumber, problem);

    // <Subscription>
    //   <SubscriptionId/> <SubscriptionType/>? <Description/>? <Enabled/>? <Uri/>? <ConfigurationMode/>?
    //   <Delivery Mode=""><Batching><MaxItems/>? <MaxLatencyTime/>?</Batching>
    //                     <PushSettings><HostName/>? <Heartbeat Interval=""/>?</PushSettings></Delivery>?
    //   <Expires/>? <Query Dialect="">QueryList</Query> <ReadExistingEvents/>? <TransportName/>? <TransportPort/>? <ContentFormat/>?
    //   <Locale Language=""/>? <LogFile/>? <PublisherName/>? <CredentialsType/>? <CommonUserName/>? <CommonPassword/>?
    //   <EventSources><EventSource Enabled=""><Address/> <UserName/>? <Password/>?</EventSource>*</EventSources>?
    //   <AllowedSourceNonDomainComputers><AllowedIssuerCAList><IssuerCA/>*</AllowedIssuerCAList>?
    //     <AllowedSubjectList><Subject/>*</AllowedSubjectList>? <DeniedSubjectList><Subject/>*</DeniedSubjectList>?</…>?
    //   <AllowedSourceDomainComputers/>?
    //   <f:AllowedPrincipals><f:Principal/>*</f:AllowedPrincipals>? <f:AllowedAddresses><f:Address/>*</f:AllowedAddresses>?
    // </Subscription>

    private sealed class Walk(XmlReader reader)
    {
        private SubscriptionDefinition _subscription = new() { Id = "" };

        public SubscriptionDefinition Read()
        {
            var line = ((IXmlLineInfo)reader).LineNumber;
            var seen = new HashSet<string>(StringComparer.Ordinal);
            Children(() =>
            {
                if (!seen.Add(reader.LocalName))
                {
                    throw Wrong(reader, $"'{reader.LocalName}' is there twice.");
                }

                One();
            });
            if (_subscription.Id.Length == 0)
            {
                throw new SubscriptionFormatException(line, "'SubscriptionId' is missing or empty.");
            }

            if (_subscription.Query.Length == 0)
            {
                throw new SubscriptionFormatException(line, "'Query' is missing or empty: nothing says which events are wanted.");
            }

            return _subscription;
        }

        private void One()
        {
            if (reader.NamespaceURI == SubscriptionXml.FarwireNamespace)
            {
                _subscription = reader.LocalName switch
                {
                    "AllowedPrincipals" => _subscription with { AllowedPrincipals = List("Principal") },
                    "AllowedAddresses" => _subscription with { AllowedAddresses = List("Address") },
                    "UseSpnPort" => _subscription with { UseSpnPort = Boolean("UseSpnPort", Text()) },
                    _ => throw Unknown(),
                };
                return;
            }

            var s = _subscription;
            _subscription = reader.LocalName switch
            {
                "SubscriptionId" => s with { Id = Text() },
                "SubscriptionType" => s with { Type = Enumeration<SubscriptionType>() },
                "Description" => s with { Description = Text() },
                "Enabled" => s with { Enabled = Boolean("Enabled", Text()) },
                "Uri" => s with { Uri = Text() },
                "ConfigurationMode" => s with { ConfigurationMode = Enumeration<ConfigurationMode>() },
                "Delivery" => Delivery(),
                "Expires" => s with { Expires = Expiry() },
                "Query" => ReadQuery(),
                "ReadExistingEvents" => s with { ReadExistingEvents = Boolean("ReadExistingEvents", Text()) },
                "TransportName" => s with { TransportName = Transport() },
                "TransportPort" => s with { TransportPort = Number(1, 65535) },
                "ContentFormat" => s with { ContentFormat = Enumeration<ContentFormat>() },
                "Locale" => ReadLocale(),
                "LogFile" => s with { LogFile = Text() },
                "PublisherName" => s with { PublisherName = Text() },
                "CredentialsType" => s with { CredentialsType = Enumeration<CredentialsType>() },
                "CommonUserName" => s with { CommonUserName = Text() },
                "CommonPassword" => s with { CommonPassword = reader.ReadElementContentAsString() },
                "EventSources" => s with { EventSources = Sources() },
                "AllowedSourceNonDomainComputers" => NonDomain(),
                "AllowedSourceDomainComputers" => s with { AllowedSourceDomainComputers = Text() is { Length: > 0 } sddl ? sddl : null },
                _ => throw Unknown(),
            };
        }

        private SubscriptionDefinition Delivery()
        {
            var result = _subscription with { DeliveryMode = Enumeration<DeliveryMode>("Mode") ?? _subscription.DeliveryMode };
            Children(() =>
            {
                switch (reader.LocalName)
                {
                    case "Batching":
                        Children(() => result = reader.LocalName switch
                        {
                            "MaxItems" => result with { MaxItems = Number(1, int.MaxValue) },
                            "MaxLatencyTime" => result with { MaxLatency = TimeSpan.FromMilliseconds(Number(0, int.MaxValue)) },
                            _ => throw Unknown(),
                        });
                        break;
                    case "PushSettings":
                        Children(() =>
                        {
                            switch (reader.LocalName)
                            {
                                case "HostName":
                                    result = result with { HostName = Text() is { Length: > 0 } name ? name : null };
                                    break;
                                case "Heartbeat":
                                    result = result with { HeartbeatInterval = TimeSpan.FromMilliseconds(Number("Interval", reader.GetAttribute("Interval") ?? "", 1, int.MaxValue)) };
                                    reader.Skip();
                                    break;
                                default:
                                    throw Unknown();
                            }
                        });
                        break;
                    default:
                        throw Unknown();
                }
            });
            return result;
        }

        private SubscriptionDefinition ReadQuery()
        {
            var line = ((IXmlLineInfo)reader).LineNumber;
            var dialect = reader.GetAttribute("Dialect")?.Trim();

            // The list stands in CDATA, or as elements.
            var query = reader.IsEmptyElement ? "" : reader.ReadInnerXml().Trim();
            if (!query.StartsWith("<QueryList", StringComparison.Ordinal) || query.Contains("xmlns=", StringComparison.Ordinal))
            {
                query = System.Xml.Linq.XElement.Parse($"<q>{query}</q>", System.Xml.Linq.LoadOptions.PreserveWhitespace) switch
                {
                    { HasElements: true } element => Unqualified(element.Elements().First()),
                    var element => element.Value.Trim(),
                };
            }

            var result = _subscription with { Query = query };
            if (dialect is { Length: > 0 })
            {
                result = result with { Dialect = dialect };
            }

            if (query.StartsWith('<'))
            {
                try
                {
                    EventQuery.Parse(query);
                }
                catch (EventQueryException e)
                {
                    throw new SubscriptionFormatException(line, e.Message);
                }
            }

            return result;
        }

        // Elements of the list that stand in the subscription's namespace only because it is the default one.
        private static string Unqualified(System.Xml.Linq.XElement element)
        {
            foreach (var each in element.DescendantsAndSelf())
            {
                each.Name = each.Name.LocalName;
                System.Xml.Linq.Extensions.Remove(each.Attributes().Where(attribute => attribute.IsNamespaceDeclaration));
            }

            return element.ToString(System.Xml.Linq.SaveOptions.DisableFormatting);
        }

        private SubscriptionDefinition ReadLocale()
        {
            var language = reader.GetAttribute("Language");
            reader.Skip();
            return _subscription with { Locale = string.IsNullOrWhiteSpace(language) ? null : language.Trim() };
        }

        private List<EventSource> Sources()
        {
            var sources = new List<EventSource>();
            Children(() =>
            {
                if (reader.LocalName != "EventSource")
                {
                    throw Unknown();
                }

                Bound(sources.Count);
                var source = new EventSource("") { Enabled = reader.GetAttribute("Enabled") is not { } enabled || Boolean("Enabled", enabled) };
                var line = ((IXmlLineInfo)reader).LineNumber;
                Children(() => source = reader.LocalName switch
                {
                    "Address" => source with { Address = Text() },
                    "UserName" => source with { UserName = Text() is { Length: > 0 } name ? name : null },
                    "Password" => source with { Password = reader.ReadElementContentAsString() is { Length: > 0 } password ? password : null },
                    _ => throw Unknown(),
                });
                sources.Add(source.Address.Length > 0 ? source : throw new SubscriptionFormatException(line, "an 'EventSource' needs an 'Address'."));
            });
            return sources;
        }

        private SubscriptionDefinition NonDomain()
        {
            var result = _subscription;
            Children(() => result = reader.LocalName switch
            {
                "AllowedIssuerCAList" => result with { AllowedIssuerCAs = List("IssuerCA") },
                "AllowedSubjectList" => result with { AllowedSubjects = List("Subject") },
                "DeniedSubjectList" => result with { DeniedSubjects = List("Subject") },
                _ => throw Unknown(),
            });
            return result;
        }

        private List<string> List(string name)
        {
            var items = new List<string>();
            Children(() =>
            {
                if (reader.LocalName != name)
                {
                    throw Unknown();
                }

                Bound(items.Count);
                if (Text() is { Length: > 0 } item)
                {
                    items.Add(item);
                }
            });
            return items;
        }

        private void Bound(int count)
        {
            if (count == SubscriptionXml.MaxItems)
            {
                throw Wrong(reader, $"more than {SubscriptionXml.MaxItems} entries are not taken.");
            }
        }

        private void Children(Action readChild)
        {
            if (reader.IsEmptyElement)
            {
                reader.Read();
                return;
            }

            reader.Read();
            while (reader.NodeType != XmlNodeType.EndElement)
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        if (reader.NamespaceURI is not (SubscriptionXml.Namespace or SubscriptionXml.FarwireNamespace))
                        {
                            throw Unknown();
                        }

                        readChild();
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA:
                        throw Wrong(reader, $"the text '{reader.Value.Trim()}' stands between elements.");
                    default:
                        reader.Read();
                        break;
                }
            }

            reader.Read();
        }

        private string Text() => reader.ReadElementContentAsString().Trim();

        private string Transport()
        {
            var text = Text();
            return text.Equals("http", StringComparison.OrdinalIgnoreCase) || text.Equals("https", StringComparison.OrdinalIgnoreCase)
                ? text
                : throw Wrong(reader, $"'TransportName' is http or https, not '{text}'.");
        }

        private T Enumeration<T>()
            where T : struct, Enum
        {
            var name = reader.LocalName;
            return Enumeration<T>(name, Text());
        }

        private T? Enumeration<T>(string attribute)
            where T : struct, Enum =>
            reader.GetAttribute(attribute) is { } text ? Enumeration<T>(attribute, text.Trim()) : null;

        private T Enumeration<T>(string name, string text)
            where T : struct, Enum =>
            Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0])
                ? value
                : throw Wrong(reader, $"'{name}' is one of {string.Join(", ", Enum.GetNames<T>())}, not '{text}'.");

        private bool Boolean(string name, string text) => text.Trim().ToUpperInvariant() switch
        {
            "TRUE" or "1" => true,
            "FALSE" or "0" => false,
            _ => throw Wrong(reader, $"'{name}' is true or false, not '{text}'."),
        };

        private int Number(int least, int most)
        {
            var name = reader.LocalName;
            return Number(name, Text(), least, most);
        }

        private int Number(string name, string text, int least, int most) =>
            int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw Wrong(reader, $"'{name}' is a number from {least} to {most}, not '{text}'.");

        private DateTime? Expiry()
        {
            var text = Text();
            if (text.Length == 0)
            {
                return null;
            }

            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expires) && expires.UtcDateTime <= SubscriptionDefinition.LastExpiry
                ? expires.UtcDateTime
                : throw Wrong(reader, $"'Expires' is a time such as 2030-01-01T00:00:00.000Z, not later than 3000-12-31T23:59:59.999Z; it is '{text}'.");
        }

        private SubscriptionFormatException Unknown() =>
            Wrong(reader, $"'{reader.LocalName}' in '{reader.NamespaceURI}' is not known here.");
    }
}
