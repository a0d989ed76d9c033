using Farwire.Cim.Naming;
using Farwire.Ipmi;
using Farwire.Ipmi.Sdr;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>A management controller as the classes see it: with a limit to every question, and left alone for a while when it is dead.</summary>
internal sealed class Controller : IAsyncDisposable
{
    private readonly HardwareOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<IpmiClient> _connect;
    private readonly Lock _lock = new();
    private IpmiClient? _client;
    private string? _failure;
    private long _failedAt;

    public Controller(ControllerOptions controller, HardwareOptions options, TimeProvider time, ISdrCache cache)
    {
        (Name, _options, _time) = (controller.Name, options, time);
        IsOwn = controller.Lan is null || controller.IsOwn;
        Address = controller.Lan?.Host ?? Ipmi.Device.KernelDevice.DefaultPath;
        _connect = () => controller.Lan is { } lan ? IpmiClient.OverLan(lan, time, cache) : IpmiClient.OverDevice(cache: cache);
    }

    public string Name { get; }

    public string Address { get; }

    /// <summary>It is this machine's own.</summary>
    public bool IsOwn { get; }

    /// <summary>Changes and raw requests are for administrators: what a controller does holds for everybody who uses the machine.</summary>
    public void DemandRightOf(CimCaller caller)
    {
        if (!caller.MayChangeSystem)
        {
            throw CimError.AccessDenied($"{Name}: only administrators change a controller, switch power or send it raw requests, and '{caller.Name}' is none.");
        }
    }

    /// <summary>Asks the controller.</summary>
    /// <exception cref="ControllerSilentException">It does not answer, or did not a moment ago.</exception>
    public async Task<T> AskAsync<T>(Func<IpmiClient, CancellationToken, ValueTask<T>> question, CancellationToken cancellationToken)
    {
        if (KnownFailure is { } failure)
        {
            throw new ControllerSilentException(this, failure);
        }

        using var patience = new CancellationTokenSource(_options.Patience, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var answer = await question(Client(), both.Token).ConfigureAwait(false);
            _failure = null;
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fail($"{Address} did not answer within {_options.Patience.TotalSeconds} s.");
        }
        catch (Exception e) when (e is IpmiTransportException or IpmiFormatException)
        {
            throw Fail(e.Message);
        }
    }

    /// <summary>Asks the controller for an operation on it alone: what it refuses is a fault that names it.</summary>
    public async Task<T> DemandAsync<T>(Func<IpmiClient, CancellationToken, ValueTask<T>> question, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(question, cancellationToken).ConfigureAwait(false);
        }
        catch (ControllerSilentException e)
        {
            throw CimError.ProviderFailure(e.Message);
        }
        catch (IpmiCompletionException e)
        {
            throw CimError.ProviderFailure($"{Name}: {e.Message}");
        }
    }

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string? KnownFailure => _failure is { } failure && _time.GetElapsedTime(_failedAt) < _options.RetryAfter ? failure : null;

    private IpmiClient Client()
    {
        lock (_lock)
        {
            return _client ??= _connect();
        }
    }

    private ControllerSilentException Fail(string message)
    {
        _failedAt = _time.GetTimestamp();
        _failure = message;
        return new ControllerSilentException(this, message);
    }
}

/// <summary>A controller does not answer.</summary>
internal sealed class ControllerSilentException(Controller controller, string message) : Exception($"{controller.Name}: {message}");
