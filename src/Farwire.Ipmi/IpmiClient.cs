using Farwire.Ipmi.Chassis;
using Farwire.Ipmi.Device;
using Farwire.Ipmi.Fru;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sel;
using Farwire.Ipmi.Sensor;
using Farwire.Ipmi.Session;
using Farwire.Ipmi.Users;

namespace Farwire.Ipmi;

/// <summary>A controller, and the logical devices behind it.</summary>
/// <example>
/// <code>
/// await using var bmc = IpmiClient.OverLan(new LanOptions { Host = "bmc1", User = "viewer", Password = secret });
/// foreach (var sensor in await bmc.Sensors.ReadAllAsync())
/// {
///     Console.WriteLine($"{sensor.Sensor.Name}: {sensor.Value} {sensor.Sensor.Unit}");
/// }
/// </code>
/// </example>
public sealed class IpmiClient : IAsyncDisposable
{
    private const int MaxBusyAnswers = 6;
    private static readonly TimeSpan FirstBusyWait = TimeSpan.FromMilliseconds(30);

    private readonly IIpmiTransport _transport;
    private readonly TimeProvider _time;

    /// <summary>A client over any transport, which it owns.</summary>
    public IpmiClient(IIpmiTransport transport, TimeProvider? time = null, ISdrCache? cache = null)
    {
        _transport = transport;
        _time = time ?? TimeProvider.System;
        Sdr = new SdrRepositoryDevice(this, cache);
        Sensors = new SensorDevice(this);
        Sel = new SelDevice(this);
        Fru = new FruInventoryDevice(this);
        Chassis = new ChassisDevice(this);
        Users = new UserAccounts(this);
    }

    /// <summary>A client over the network; the session opens with the first request.</summary>
    public static IpmiClient OverLan(LanOptions options, TimeProvider? time = null, ISdrCache? cache = null) =>
        new(new LanTransport(options, time), time, cache);

    /// <summary>A client of this machine's own controller.</summary>
    public static IpmiClient OverDevice(string path = KernelDevice.DefaultPath, ISdrCache? cache = null) =>
        new(KernelDevice.Open(path), null, cache);

    /// <summary>Where it leads.</summary>
    public string Address => _transport.Address;

    /// <summary>The sensor data records.</summary>
    public SdrRepositoryDevice Sdr { get; }

    /// <summary>The sensors.</summary>
    public SensorDevice Sensors { get; }

    /// <summary>The system event log.</summary>
    public SelDevice Sel { get; }

    /// <summary>The inventories.</summary>
    public FruInventoryDevice Fru { get; }

    /// <summary>Power and boot.</summary>
    public ChassisDevice Chassis { get; }

    /// <summary>Users and channels.</summary>
    public UserAccounts Users { get; }

    /// <summary>Which controller this is.</summary>
    public ValueTask<DeviceId> GetDeviceIdAsync(CancellationToken cancellationToken = default) => SendAsync(new GetDeviceId(), cancellationToken);

    /// <summary>The controller's GUID.</summary>
    public ValueTask<Guid> GetDeviceGuidAsync(CancellationToken cancellationToken = default) => SendAsync(new GetDeviceGuid(), cancellationToken);

    /// <summary>The GUID of the machine that the controller manages.</summary>
    public ValueTask<Guid> GetSystemGuidAsync(CancellationToken cancellationToken = default) => SendAsync(new GetSystemGuid(), cancellationToken);

    /// <summary>Sends any command and gives its answer as it came, whatever the completion code.</summary>
    public ValueTask<IpmiResponse> RawAsync(IpmiRequest request, CancellationToken cancellationToken = default) =>
        request.Data.Length <= (request.IsBridged ? IpmiRequest.MaxBridgedDataBytes : IpmiRequest.MaxDataBytes)
            ? _transport.RequestAsync(request, cancellationToken)
            : throw new ArgumentException(
                $"A request has at most {IpmiRequest.MaxDataBytes} bytes of data, one that is passed on {IpmiRequest.MaxBridgedDataBytes}.", nameof(request));

    /// <summary>Ends the session.</summary>
    public ValueTask DisposeAsync()
    {
        Sdr.Dispose();
        return _transport.DisposeAsync();
    }

    /// <summary>Sends a command; a completion code other than done is an exception.</summary>
    internal async ValueTask<TAnswer> SendAsync<TAnswer>(ICommand<TAnswer> command, CancellationToken cancellationToken)
    {
        var response = await TryAsync(command, cancellationToken).ConfigureAwait(false);
        return response.CompletionCode == CompletionCode.Ok
            ? Read(command, response)
            : throw new IpmiCompletionException(command.Code, response.CompletionCode);
    }

    /// <summary>Sends a command and asks again for a while as long as the controller is busy.</summary>
    internal async ValueTask<IpmiResponse> TryAsync<TAnswer>(ICommand<TAnswer> command, CancellationToken cancellationToken)
    {
        var request = new IpmiRequest(command.Code.Function, command.Code.Number, DataOf(command), command.Lun);
        var wait = FirstBusyWait;
        for (var attempt = 1; ; attempt++, wait *= 2)
        {
            var response = await _transport.RequestAsync(request, cancellationToken).ConfigureAwait(false);
            if (attempt == MaxBusyAnswers || !IsWorthRepeating(response.CompletionCode, command.Changes))
            {
                return response;
            }

            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A short wait before a question is asked again.</summary>
    internal Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(FirstBusyWait, _time, cancellationToken);

    internal static TAnswer Read<TAnswer>(ICommand<TAnswer> command, IpmiResponse response)
    {
        var data = new DataReader(response.Data.Span, $"The answer to {command.Code.Name}");
        return command.Read(ref data);
    }

    // After a time-out nobody knows whether it was done: only what changes nothing is asked again.
    private static bool IsWorthRepeating(CompletionCode code, bool changes) =>
        code is CompletionCode.NodeBusy or CompletionCode.Initializing || (code == CompletionCode.TimedOut && !changes);

    private static byte[] DataOf<TAnswer>(ICommand<TAnswer> command)
    {
        Span<byte> space = stackalloc byte[IpmiRequest.MaxDataBytes];
        var data = new DataWriter(space);
        command.Write(ref data);
        return space[..data.Length].ToArray();
    }
}
