using System.Diagnostics.CodeAnalysis;

namespace Farwire.Service.Dispatch;

/// <summary>The service cannot take the message now and kept nothing of it. No fault: a fault is an answer, and some senders drop what was answered.</summary>
/// <param name="message">Why.</param>
/// <param name="retryAfter">When the sender should try again.</param>
[SuppressMessage("Design", "CA1032", Justification = "There is no such state without a reason and a time.")]
public sealed class ServiceBusyException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>When the sender should try again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
