using System.Globalization;
using Farwire.Client.Connection;
using Farwire.Client.Shells;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;

namespace Farwire.Client.ShellApi;

/// <summary>Where and who, with settings that count from the first use on.</summary>
/// <remarks>WSMan API, "WSManCreateSession", "WSManSetSessionOption".</remarks>
public sealed class ApiSession : IAsyncDisposable
{
    private readonly Dictionary<SessionOption, object> _options = [];
    private readonly string? _connection;
    private readonly ApiAuthentication _authentication;
    private readonly string? _user;
    private readonly string? _password;
    private readonly WSManProxy? _proxy;
    private readonly Lock _lock = new();
    private WSManClient? _client;
    private string? _redirect;
    private int _shells;

    internal ApiSession(WSManShellApi api, string? connection, ApiAuthentication authentication, string? user, string? password, WSManProxy? proxy)
    {
        (Api, _connection, _authentication, _user, _password, _proxy) = (api, connection, authentication, user, password, proxy);
    }

    /// <summary>What Windows' API has no number for, such as a pinned certificate.</summary>
    public Func<WSManConnectionOptions, WSManConnectionOptions> Configure { get; set; } = static options => options;

    internal WSManShellApi Api { get; }

    internal WSManClient Client
    {
        get
        {
            lock (_lock)
            {
                return _client ??= new WSManClient(Configure(Options()));
            }
        }
    }

    /// <summary>Sets an option. After the first use none can be set.</summary>
    /// <exception cref="ArgumentException">It is read only, or the value is of another kind.</exception>
    [WSManFunction("WSManSetSessionOption")]
    public void SetOption(SessionOption option, object value)
    {
        if (option is SessionOption.MaxRetryTime or SessionOption.ShellMaxDataSizePerMessageKB or SessionOption.RedirectLocation || !Enum.IsDefined(option))
        {
            throw new ArgumentException($"{option} cannot be set.", nameof(option));
        }

        var isText = option is SessionOption.Locale or SessionOption.UILanguage;
        if (isText ? value is not string { Length: > 0 } : value is not (int or uint or bool) || Convert.ToInt64(value, CultureInfo.InvariantCulture) < 0)
        {
            throw new ArgumentException($"{option} is {(isText ? "a text" : "a number of 0 or more")}.", nameof(value));
        }

        lock (_lock)
        {
            _options[option] = _client is null ? value : throw new InvalidOperationException($"{option} is set before the session is used.");
        }
    }

    /// <summary>Reads an option that is a number.</summary>
    [WSManFunction("WSManGetSessionOptionAsDword")]
    public uint GetOptionAsDword(SessionOption option)
    {
        var now = Configure(Options());
        return option switch
        {
            SessionOption.DefaultOperationTimeoutMs => Milliseconds(now.OperationTimeout),
            SessionOption.MaxRetryTime => (uint)now.MaxRetryTime.TotalSeconds,
            SessionOption.TimeoutMsCreateShell => Milliseconds(now.ShellTimeouts.Create),
            SessionOption.TimeoutMsRunCommand => Milliseconds(now.ShellTimeouts.Run),
            SessionOption.TimeoutMsReceiveOutput => Milliseconds(now.ShellTimeouts.Receive),
            SessionOption.TimeoutMsSendInput => Milliseconds(now.ShellTimeouts.Send),
            SessionOption.TimeoutMsSignal => Milliseconds(now.ShellTimeouts.Signal),
            SessionOption.TimeoutMsClose => Milliseconds(now.ShellTimeouts.Close),
            SessionOption.SkipCACheck => Number(now.SkipCACheck),
            SessionOption.SkipCNCheck => Number(now.SkipCNCheck),
            SessionOption.SkipRevocationCheck => Number(now.SkipRevocationCheck),
            SessionOption.UnencryptedMessages => Number(now.AllowUnencrypted),
            SessionOption.Utf16 => Number(now.Encoding == MessageEncoding.Utf16),
            SessionOption.EnableSpnServerPort => Number(now.SpnPort),
            SessionOption.MachineId => Number(now.MachineId is not null),
            SessionOption.MaxEnvelopeSizeKB => (uint)now.MaxEnvelopeBytes / 1024,
            SessionOption.ShellMaxDataSizePerMessageKB => (uint)CommandInput.PieceBytes(now.MaxEnvelopeBytes) / 1024,
            SessionOption.AllowNegotiateImplicitCredentials or SessionOption.UseSsl or SessionOption.UseInteractiveToken => Number(IsOn(option)),
            _ => throw new ArgumentException($"{option} is no number.", nameof(option)),
        };

        uint Milliseconds(TimeSpan? time) => (uint)(time ?? now.OperationTimeout).TotalMilliseconds;
    }

    /// <summary>Reads an option that is a text; empty when it was never said.</summary>
    [WSManFunction("WSManGetSessionOptionAsString")]
    public string GetOptionAsString(SessionOption option)
    {
        var now = Configure(Options());
        return option switch
        {
            SessionOption.Locale => now.DataLocale ?? now.Locale,
            SessionOption.UILanguage => now.Locale,
            SessionOption.RedirectLocation => _redirect ?? "",
            _ => throw new ArgumentException($"{option} is no text.", nameof(option)),
        };
    }

    /// <summary>Opens a shell; the callback hears it with the end of the operation.</summary>
    [WSManFunction("WSManCreateShell")]
    [WSManFunction("WSManCreateShellEx")]
    public ApiOperation CreateShell(ShellFlags flags, string resourceUri, ShellSettings? startup, ShellCallback callback, string? shellId = null) =>
        ApiOperation.Start(Api, callback, async (operation, closed) =>
        {
            var settings = (startup ?? new ShellSettings()) with { ResourceUri = resourceUri, ShellId = shellId ?? startup?.ShellId, Compression = !flags.HasFlag(ShellFlags.NoCompression) };
            var shell = new ApiShell(this, await HearingAsync(() => Client.OpenShellAsync(settings, closed)).ConfigureAwait(false), flags, settings.OutputStreams);
            return new CallbackEvent(await DisconnectsAsync(shell.Id, closed).ConfigureAwait(false), operation) { Shell = shell };
        });

    /// <summary>Takes over a shell that another client has left.</summary>
    [WSManFunction("WSManConnectShell")]
    public ApiOperation ConnectShell(ShellFlags flags, string shellId, ShellCallback callback) => ApiOperation.Start(Api, callback, async (operation, closed) =>
    {
        var shell = await HearingAsync(() => Client.ConnectShellAsync(shellId, closed)).ConfigureAwait(false);
        return new CallbackEvent(CallbackFlags.SupportsDisconnect, operation) { Shell = new ApiShell(this, shell, flags, shell.OutputStreams) };
    });

    /// <summary>Ends the session; its shells are closed or left before.</summary>
    /// <exception cref="InvalidOperationException">A shell is still open.</exception>
    [WSManFunction("WSManCloseSession")]
    public ValueTask CloseAsync() => _shells > 0
        ? throw new InvalidOperationException($"{_shells} shells of the session are open; close or leave them first.")
        : DisposeAsync();

    /// <summary>Ends the session whatever is open: a shell that is left so lives until its idle time. Throws nothing, so that no failure before it is hidden.</summary>
    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal void Opened() => Interlocked.Increment(ref _shells);

    internal void Closed() => Interlocked.Decrement(ref _shells);

    // Where a redirect leads is an option to be read afterwards.
    internal async Task<T> HearingAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (WSManTransportException e) when (e.RedirectLocation is { } location)
        {
            _redirect = location;
            throw;
        }
    }

    private static uint Number(bool value) => value ? 1u : 0u;

    // Of a shell that can be left the service tells what becomes of its output.
    private async Task<CallbackFlags> DisconnectsAsync(string shellId, CancellationToken cancellationToken)
    {
        var headers = Client.Headers(Actions.Get, ResourceUris.Shell, SelectorSet.Of((ShellNames.ShellId, shellId)));
        using var found = await Client.SendAsync(new Request(headers, EmptyBody.Instance), cancellationToken).ConfigureAwait(false);
        return ShellInstance.Read(found.Body).BufferMode is null ? CallbackFlags.None : CallbackFlags.SupportsDisconnect;
    }

    private bool IsOn(SessionOption option) => Convert.ToInt64(_options.GetValueOrDefault(option, 0), CultureInfo.InvariantCulture) != 0;

    private TimeSpan? Time(SessionOption option) =>
        _options.TryGetValue(option, out var value) && Convert.ToInt64(value, CultureInfo.InvariantCulture) is > 0 and var milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private WSManConnectionOptions Options()
    {
        var address = ServiceAddress.Parse(_connection ?? "localhost", IsOn(SessionOption.UseSsl));
        var usesTickets = IsOn(SessionOption.UseInteractiveToken) || (IsOn(SessionOption.AllowNegotiateImplicitCredentials) && _user is null);
        if (IsOn(SessionOption.UseInteractiveToken) && _user is not null)
        {
            throw new InvalidOperationException("With the tickets of whoever is logged in no other user can be named.");
        }

        return new WSManConnectionOptions
        {
            Address = address,
            Authentication = usesTickets ? AuthenticationMethod.Negotiate : Method(),
            User = _user,
            Password = _password,
            Proxy = _proxy ?? WSManProxy.System,
            OperationTimeout = Time(SessionOption.DefaultOperationTimeoutMs) ?? TimeSpan.FromSeconds(60),
            ShellTimeouts = new ShellTimeouts
            {
                Create = Time(SessionOption.TimeoutMsCreateShell),
                Run = Time(SessionOption.TimeoutMsRunCommand),
                Receive = Time(SessionOption.TimeoutMsReceiveOutput),
                Send = Time(SessionOption.TimeoutMsSendInput),
                Signal = Time(SessionOption.TimeoutMsSignal),
                Close = Time(SessionOption.TimeoutMsClose),
            },
            SkipCACheck = IsOn(SessionOption.SkipCACheck),
            SkipCNCheck = IsOn(SessionOption.SkipCNCheck),
            SkipRevocationCheck = IsOn(SessionOption.SkipRevocationCheck),
            AllowUnencrypted = IsOn(SessionOption.UnencryptedMessages),
            Encoding = IsOn(SessionOption.Utf16) ? MessageEncoding.Utf16 : MessageEncoding.Utf8,
            SpnPort = IsOn(SessionOption.EnableSpnServerPort),
            MachineId = IsOn(SessionOption.MachineId) ? Environment.MachineName : null,
            Locale = _options.GetValueOrDefault(SessionOption.UILanguage) as string ?? "en-US",
            DataLocale = _options.GetValueOrDefault(SessionOption.Locale) as string,
            MaxEnvelopeBytes = _options.TryGetValue(SessionOption.MaxEnvelopeSizeKB, out var size) ? Convert.ToInt32(size, CultureInfo.InvariantCulture) * 1024 : 500 * 1024,
        };
    }

    private AuthenticationMethod? Method() => _authentication switch
    {
        ApiAuthentication.Default => null,
        ApiAuthentication.None => AuthenticationMethod.None,
        ApiAuthentication.Digest => AuthenticationMethod.Digest,
        ApiAuthentication.Negotiate => AuthenticationMethod.Negotiate,
        ApiAuthentication.Basic => AuthenticationMethod.Basic,
        ApiAuthentication.Kerberos => AuthenticationMethod.Kerberos,
        ApiAuthentication.Certificate => AuthenticationMethod.Certificate,
        ApiAuthentication.CredSsp => AuthenticationMethod.CredSsp,
        _ => throw new InvalidOperationException($"{_authentication} is no way to authenticate."),
    };
}
