using System.Xml;
using System.Xml.XPath;
using System.Xml.Xsl;

namespace Farwire.Events.Tests.Queries;

/// <summary>The framework's XPath 1.0 over a DOM of the event without namespaces: slow, and by other people.</summary>
internal sealed class ReferenceEvaluator(string eventXml)
{
    private readonly XPathNavigator _event = Load(eventXml);

    public bool Matches(string xpath)
    {
        var expression = XPathExpression.Compile($"boolean({LowerOperators(xpath)})");
        expression.SetContext(new Functions());
        return (bool)_event.Evaluate(expression);
    }

    private static XPathNavigator Load(string xml)
    {
        var document = new XmlDocument();
        document.LoadXml(xml);
        var plain = new XmlDocument();
        plain.AppendChild(Copy(plain, document.DocumentElement!));
        return plain.CreateNavigator()!;
    }

    private static XmlElement Copy(XmlDocument target, XmlElement source)
    {
        var copy = target.CreateElement(source.LocalName);
        foreach (XmlAttribute attribute in source.Attributes)
        {
            if (attribute.Name != "xmlns" && attribute.Prefix != "xmlns")
            {
                copy.SetAttribute(attribute.LocalName, attribute.Value);
            }
        }

        foreach (XmlNode child in source.ChildNodes)
        {
            copy.AppendChild(child is XmlElement element ? Copy(target, element) : target.CreateTextNode(child.Value ?? ""));
        }

        return copy;
    }

    // XPath 1.0 knows the operators in lower case only; published subscriptions write OR.
    private static string LowerOperators(string xpath) =>
        System.Text.RegularExpressions.Regex.Replace(xpath, @"(?<=[\s\])])(AND|OR)(?=[\s\[(])", match => match.Value.ToLowerInvariant());

    private sealed class Functions() : XsltContext(new NameTable())
    {
        public override bool Whitespace => true;

        public override int CompareDocument(string baseUri, string nextbaseUri) => 0;

        public override bool PreserveWhitespace(XPathNavigator node) => true;

        public override IXsltContextVariable ResolveVariable(string prefix, string name) => throw new XPathException(name);

        public override IXsltContextFunction ResolveFunction(string prefix, string name, XPathResultType[] argumentTypes) =>
            name is "band" or "timediff" ? new Function(name) : throw new XPathException(name);
    }

    private sealed class Function(string name) : IXsltContextFunction
    {
        public XPathResultType[] ArgTypes => [XPathResultType.Any, XPathResultType.Any];

        public int Maxargs => 2;

        public int Minargs => 1;

        public XPathResultType ReturnType => XPathResultType.Number;

        public object Invoke(XsltContext xsltContext, object[] args, XPathNavigator docContext)
        {
            var texts = args.Select(value => value is double number ? ((decimal)number).ToString(System.Globalization.CultureInfo.InvariantCulture) : Text(value)).ToArray();
            if (texts.Contains(null))
            {
                return double.NaN;
            }

            return name == "band"
                ? (double)(Bits(texts[0]!) & Bits(texts[1]!))
                : (DateTimeOffset.Parse(texts[1]!, null) - DateTimeOffset.Parse(texts[0]!, null)).TotalMilliseconds;
        }

        private static ulong Bits(string text) => text.StartsWith("0x", StringComparison.Ordinal) ? Convert.ToUInt64(text, 16) : (ulong)decimal.Parse(text, null);

        private static string? Text(object value) => value is XPathNodeIterator nodes ? nodes.MoveNext() ? nodes.Current!.Value : null : Convert.ToString(value, null);
    }
}
