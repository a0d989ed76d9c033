using Farwire.Client.Connection;
using Farwire.Protocol.Faults;

namespace Farwire.Client.Automation;

/// <summary>The first of the automation objects, which makes the others: what a script gets from <c>CreateObject("WSMan.Automation")</c>.</summary>
/// <remarks>
/// <para>
/// WinRM documentation, "WinRM Scripting API"; the interfaces IWSMan, IWSManEx, IWSManEx2 and IWSManEx3. Names, numbers and rules are those of the
/// original objects, so that a script becomes C# line by line. All data goes in and comes out as XML. What must be particular to this machine is in
/// <see cref="Settings"/>.
/// </para>
/// <para>
/// One object and what it made belongs to one thread. Calls wait until the answer is there; programs that would rather not wait use
/// <see cref="WSManClient"/>. What a service refuses is thrown as <see cref="WSManFaultException"/>, a broken way as
/// <see cref="WSManTransportException"/>, misuse as the framework's own exceptions; each carries in <see cref="Exception.HResult"/> the number that a
/// script finds in <c>Err.Number</c>, and <see cref="Error"/> of the object that was called tells the same as XML. Subscriptions are not part of it.
/// </para>
/// </remarks>
public sealed partial class WSMan
{
    private readonly LastError _error = new();

    /// <summary>What scripts leave to the settings of the computer they run on.</summary>
    public AutomationSettings Settings { get; init; } = new();

    /// <summary>The command line of this process.</summary>
    public string CommandLine => Environment.CommandLine;

    /// <summary>The last failure of this object itself as XML; empty after a success.</summary>
    public string Error => _error.Xml;

    /// <summary>Takes note of where to and how. Nothing is connected before the session's first operation, which is also where a wrong host shows.</summary>
    /// <param name="connection"><c>[http://|https://]HOST[:PORT][/PREFIX]</c>; empty is the service of this computer.</param>
    /// <param name="flags">A sum of <c>SessionFlag…</c>; without one that names a method, Negotiate where credentials are given, and else what fits.</param>
    /// <param name="connectionOptions">User, password, certificate, proxy; later changes to it do not reach the session.</param>
    /// <exception cref="ArgumentException">The address has another form, or the flags contradict each other.</exception>
    public Session CreateSession(string connection = "", int flags = 0, ConnectionOptions? connectionOptions = null) =>
        _error.Keep(() => new Session(SessionTarget.Of(connection, (SessionFlags)flags, connectionOptions, Settings)));

    /// <summary>Makes an object for user, password, certificate and proxy.</summary>
    public ConnectionOptions CreateConnectionOptions() => new();

    /// <summary>Makes an object that names a resource, with keys, options and a part of it.</summary>
    /// <param name="uri">The resource URI, or an alias; keys may stand behind a question mark. Empty is given later.</param>
    /// <exception cref="ArgumentException">A key has no value.</exception>
    public ResourceLocator CreateResourceLocator(string uri = "") => _error.Keep(() => new ResourceLocator(uri));

    /// <summary>What an error number means, as <c>winrm helpmsg</c> prints it.</summary>
    /// <param name="errorNumber">The number; negative as scripts print it, or not.</param>
    /// <exception cref="ArgumentException">The number is not known.</exception>
    public string GetErrorMessage(long errorNumber) => _error.Keep(() =>
        errorNumber is >= int.MinValue and <= uint.MaxValue && ErrorText.Of(unchecked((uint)errorNumber)) is { } text
            ? text
            : throw new ArgumentException($"The error number {errorNumber} is not known.", nameof(errorNumber)));
}
