namespace Farwire.Source.Operational;

/// <summary>What happened to the forwarder, as an event of its own channel.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Priority">How grave it is: 3 an error, 4 a warning, 6 news.</param>
/// <param name="Message">The text for people.</param>
/// <remarks>Windows' channel "Microsoft-Windows-Forwarding/Operational": the same numbers mean the same there.</remarks>
public sealed record OperationalEvent(int Id, int Priority, string Message)
{
    /// <summary>The subscription it is about.</summary>
    public string? Subscription { get; private init; }

    /// <summary>The collector it is about.</summary>
    public Uri? Collector { get; private init; }

    /// <summary>Windows' number of the error.</summary>
    public uint? ErrorCode { get; private init; }

    internal static OperationalEvent SubscriptionCreated(string name, Uri collector) =>
        new(100, 6, $"The subscription {name} of {collector} is created.") { Subscription = name, Collector = collector };

    internal static OperationalEvent SubscriptionCreatedInPart(string name, Uri collector, IEnumerable<string> missing) =>
        new(101, 4, $"The subscription {name} of {collector} is created, but these channels are not here or cannot be read: {string.Join(", ", missing)}.") { Subscription = name, Collector = collector };

    internal static OperationalEvent SubscriptionNotCreated(string name, Uri collector, uint code, string reason) =>
        new(102, 3, $"The subscription {name} of {collector} cannot be created, error {code}: {reason}") { Subscription = name, Collector = collector, ErrorCode = code };

    internal static OperationalEvent Unsubscribed(string name, Uri collector) =>
        new(103, 6, $"The subscription {name} of {collector} is unsubscribed.") { Subscription = name, Collector = collector };

    internal static OperationalEvent Connected(Uri collector) => new(104, 6, $"The forwarder has connected to the subscription manager at {collector}.") { Collector = collector };

    internal static OperationalEvent Trouble(Uri collector, uint code, string problem) =>
        new(105, 3, $"The forwarder has trouble with the subscription manager at {collector}, error {code}: {problem}") { Collector = collector, ErrorCode = code };

    internal static OperationalEvent PolicyChanged(int collectors) => new(106, 6, $"The policy of forwarding has changed; it names {collectors} subscription managers.");

    /// <summary>A line of the policy is none.</summary>
    public static OperationalEvent PolicyInvalid(string line, string reason) => new(107, 3, $"A line of the policy of forwarding is not valid: {reason} The line: {line}") { ErrorCode = 87 };
}
