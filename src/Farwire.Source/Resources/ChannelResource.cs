using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;
using Farwire.Events;
using Farwire.Events.Queries;
using Farwire.Events.Records;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.Source.Access;
using Farwire.Source.Channels;

namespace Farwire.Source.Resources;

/// <summary>The channels that the caller may read, and what is in them.</summary>
internal sealed class ChannelResource(ILocalChannels channels, ChannelAccess access) : IGetResource, IEnumerateResource
{
    private const string Key = "Name";

    // <f:Channel xmlns:f="urn:farwire:source/Channel">
    //   <f:Name/> <f:Records/> <f:OldestRecord/>? <f:NewestRecord/>? <f:LastWritten/>? <f:Security/>
    // </f:Channel>

    public async ValueTask<IBody> GetAsync(OperationContext context)
    {
        var name = context.RequireSelector(Key);
        var token = context.Access.TokenOf(context.Caller);
        var facts = (await channels.FactsAsync(context.Cancellation).ConfigureAwait(false)).FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && access.MayRead(token, one.Name))
            ?? throw new WSManFaultException(FaultCatalog.ResourceNotFound.ToFault(new ChannelNotFoundException(name).Message) with { Code = ChannelNotFoundException.Code });
        var newest = await channels.ReadBackAsync(EventQuery.OfChannels([facts.Name]), rendered: false, context.Cancellation).FirstOrDefaultAsync(context.Cancellation).ConfigureAwait(false);
        using var xml = new XmlUtf8Writer();
        Write(xml, facts, newest is null ? null : EventRecord.Read(newest.Xml).System.TimeCreated);
        return new XmlBody(xml.Written.ToArray());
    }

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request)
    {
        if (request.Filter is not null)
        {
            throw FaultCatalog.EnumerationFilteringNotSupported.Fault("channels are few; enumerate them all.");
        }

        var token = context.Access.TokenOf(context.Caller);
        return ValueTask.FromResult<IEnumerationCursor>(new ListCursor<ChannelFacts>(ReadableAsync(channel => access.MayRead(token, channel)), (xml, facts) => Write(xml, facts, null)));
    }

    private async IAsyncEnumerable<ChannelFacts> ReadableAsync(Func<string, bool> mayRead, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var facts in await channels.FactsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (mayRead(facts.Name))
            {
                yield return facts;
            }
        }
    }

    private void Write(XmlUtf8Writer xml, ChannelFacts facts, DateTime? lastWritten)
    {
        xml.Start("f:Channel"u8);
        xml.Attribute("xmlns:f"u8, SourceUris.Channel);
        xml.Element("f:Name"u8, facts.Name);
        xml.Element("f:Records"u8, facts.Records.ToString(CultureInfo.InvariantCulture));
        if (facts.Records > 0)
        {
            xml.Element("f:OldestRecord"u8, facts.OldestRecord.ToString(CultureInfo.InvariantCulture));
            xml.Element("f:NewestRecord"u8, facts.NewestRecord.ToString(CultureInfo.InvariantCulture));
        }

        if (lastWritten is { } time)
        {
            xml.Element("f:LastWritten"u8, EventTime.Format(time));
        }

        xml.Element("f:Security"u8, access.DescriptorOf(facts.Name).Text);
        xml.End("f:Channel"u8);
    }
}
