using System.Collections.Concurrent;
using Farwire.Client.Connection;
using Farwire.Protocol.Faults;

namespace Farwire.Client.ShellApi;

/// <summary>The client shell API of Windows in the shape of .NET: sessions, shells, commands and operations that call back.</summary>
/// <remarks>
/// WSMan API, "Windows Remote Management Client Shell API". For programs that were written for it; others find <see cref="WSManClient"/> with its tasks and
/// streams easier. 1. A session says where and who. 2. A shell is opened, or connected to. 3. Commands run; their output, input and signals are operations.
/// 4. All is closed in the reverse order.
/// </remarks>
public sealed class WSManShellApi : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ApiOperation, bool> _operations = new();
    private bool _ended;

    private WSManShellApi()
    {
    }

    /// <summary>Begins to use the API.</summary>
    [WSManFunction("WSManInitialize")]
    public static WSManShellApi Initialize() => new();

    /// <summary>Makes a session. Nothing is sent.</summary>
    /// <param name="connection">Where: <c>[http://|https://]HOST[:PORT][/PREFIX]</c>; null is this machine. Written out, http is 80 and https 443.</param>
    /// <param name="authentication">How to prove who we are.</param>
    /// <param name="user">Who we are; null has no credentials of its own.</param>
    /// <param name="password">The password.</param>
    /// <param name="proxy">The proxy on the way; null is the system's.</param>
    [WSManFunction("WSManCreateSession")]
    public ApiSession CreateSession(string? connection, ApiAuthentication authentication = ApiAuthentication.Default, string? user = null, string? password = null, WSManProxy? proxy = null)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        return new ApiSession(this, connection, authentication, user, password, proxy);
    }

    /// <summary>The sentence for an error.</summary>
    /// <param name="code">Windows' number.</param>
    /// <param name="language">The language, such as <c>de-DE</c>; null is English.</param>
    /// <returns>The sentence; null when the number is not known.</returns>
    [WSManFunction("WSManGetErrorMessage")]
    public static string? GetErrorMessage(uint code, string? language = null) => FaultCatalog.Find(code)?.Text(language) ?? ErrorText.Of(code);

    /// <summary>Waits for all operations; after it nothing made by this API can be used.</summary>
    [WSManFunction("WSManDeinitialize")]
    public async ValueTask DisposeAsync()
    {
        _ended = true;
        await Task.WhenAll(_operations.Keys.Select(o => o.Completion)).ConfigureAwait(false);
    }

    internal void Keep(ApiOperation operation)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        _operations[operation] = true;
        _ = operation.Completion.ContinueWith(_ => _operations.TryRemove(operation, out bool _), TaskScheduler.Default);
    }
}
