using System.Diagnostics.CodeAnalysis;

namespace Farwire.Client.Connection;

/// <summary>The message did not get there, or the answer did not get back. What the service itself refuses is a fault instead.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a place.")]
public sealed class WSManTransportException(TransportFailure failure, string message, string fix, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Where it broke.</summary>
    public TransportFailure Failure { get; } = failure;

    /// <summary>What to do about it: a sentence for an operator.</summary>
    public string Fix { get; } = fix;

    /// <summary>The number that Windows' own client gives for it, where it has one of its own.</summary>
    public uint? Code { get; init; }

    /// <summary>The number that Windows' own client gives for the same failure, or for the nearest to it.</summary>
    public uint ErrorCode => Code ?? Failure switch
    {
        TransportFailure.NameResolution or TransportFailure.Connect or TransportFailure.TimedOut => 0x80338012,
        TransportFailure.Tls or TransportFailure.Certificate or TransportFailure.CertificatePin => 0x80072F8F,
        TransportFailure.Authentication => 5,
        TransportFailure.ClearText => 0x803380E1,
        _ => 0x80338043,
    };

    /// <summary>Where the service said it is, with <see cref="TransportFailure.Redirected"/>; null when it said nothing.</summary>
    public string? RedirectLocation { get; init; }

    /// <summary>The HTTP status that came without a SOAP message, as with 503 when the service is not there.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>How long the service asks to be left alone, as it does when it is too busy; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
