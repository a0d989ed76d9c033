using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Farwire.Client.Connection;
using Farwire.Protocol.Faults;
using Farwire.Security;

namespace Farwire.Collector.Initiated;

/// <summary>A source did not do what its subscription needs.</summary>
/// <param name="code">The number that Windows gives for it.</param>
/// <param name="message">What happened, for people.</param>
/// <param name="inner">What it came from.</param>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a number.")]
internal sealed class SourceFailure(uint code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Nothing was heard for longer than a heartbeat's time.</summary>
    public const uint NoHeartbeat = 2150858763;

    /// <summary>The source ended the subscription.</summary>
    public const uint Cancelled = 2150858910;

    private const uint CannotConnect = 2150858770;
    private const uint NotAvailable = 2150859027;
    private const uint AccessDenied = 5;
    private const uint NameUnknown = 53;

    public uint Code { get; } = code;

    /// <summary>The failure behind an exception; null when it is none of a source's.</summary>
    public static SourceFailure? Of(Exception exception) => exception switch
    {
        SourceFailure failure => failure,
        WSManFaultException fault => new SourceFailure(fault.Fault.Code, fault.Fault.Message, fault),
        WSManTransportException broken => new SourceFailure(broken.Code ?? CodeOf(broken.Failure), string.Create(CultureInfo.InvariantCulture, $"{broken.Message} {broken.Fix}"), broken),
        SecurityTokenException refused => new SourceFailure(AccessDenied, refused.Message, refused),
        _ => null,
    };

    private static uint CodeOf(TransportFailure failure) => failure switch
    {
        TransportFailure.NameResolution => NameUnknown,
        TransportFailure.Authentication or TransportFailure.NotTrusted or TransportFailure.ClearText => AccessDenied,
        TransportFailure.HttpStatus or TransportFailure.NotSoap or TransportFailure.Redirected => NotAvailable,
        _ => CannotConnect,
    };
}
