using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Farwire.Ipmi.Device;

/// <summary>This machine's own controller, through the kernel's driver.</summary>
/// <remarks>Linux, <c>linux/ipmi.h</c>. The kernel serialises requests of all programs and answers each with its number.</remarks>
public sealed class KernelDevice : IIpmiTransport
{
    /// <summary>The first controller of a machine.</summary>
    public const string DefaultPath = "/dev/ipmi0";

    private const int MaxAnswerBytes = 272; // IPMI_MAX_MSG_LENGTH

    private readonly IKernelCalls _calls;
    private readonly TimeSpan _patience;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _number;

    internal KernelDevice(string path, IKernelCalls calls, TimeSpan patience) => (Address, _calls, _patience) = (path, calls, patience);

    /// <inheritdoc/>
    public string Address { get; }

    /// <summary>True when this machine has a controller that the kernel knows.</summary>
    public static bool Exists(string path = DefaultPath) => OperatingSystem.IsLinux() && File.Exists(path);

    /// <summary>Opens the device.</summary>
    /// <exception cref="IpmiTransportException">It is missing or may not be opened; the message says what to do.</exception>
    public static KernelDevice Open(string path = DefaultPath)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new IpmiTransportException(IpmiTransportFailure.Device, $"{path}: only Linux has this device. Reach the controller over the network instead.");
        }

        var descriptor = KernelCalls.Open(path);
        return descriptor >= 0
            ? new KernelDevice(path, new KernelCalls(descriptor), TimeSpan.FromSeconds(6))
            : throw Refused(path, Marshal.GetLastPInvokeError());
    }

    /// <inheritdoc/>
    public async ValueTask<IpmiResponse> RequestAsync(IpmiRequest request, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // The driver answers within milliseconds, yet it may wait: not on a thread of somebody who asked asynchronously.
            return await Task.Run(() => Ask(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the device.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _calls.Dispose();
        _turn.Release();
    }

    private IpmiResponse Ask(IpmiRequest request, CancellationToken cancellationToken)
    {
        var number = ++_number;
        Check(_calls.Send(request, number), "send to");
        var answer = new byte[MaxAnswerBytes];
        var until = Environment.TickCount64 + (long)_patience.TotalMilliseconds;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = (int)Math.Min(until - Environment.TickCount64, 200);
            if (left <= 0)
            {
                throw new IpmiTransportException(IpmiTransportFailure.NoAnswer, $"{Address}: the controller did not answer within {_patience.TotalSeconds} s.");
            }

            var ready = _calls.Wait(left);
            Check(ready < 0 ? ready : 0, "wait for");
            if (ready == 0)
            {
                continue;
            }

            Check(_calls.Receive(answer, out var received), "receive from");

            // Answers to requests that were given up, and events, are passed over.
            if (received.IsResponse && received.Number == number && received.Function == request.Function && received.Command == request.Command && received.Length > 0)
            {
                return new IpmiResponse((CompletionCode)answer[0], answer.AsMemory(1, received.Length - 1));
            }
        }
    }

    private void Check(int result, string what)
    {
        if (result < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IpmiTransportException(IpmiTransportFailure.Device, $"Could not {what} {Address}: {new Win32Exception(error).Message} (errno {error}).");
        }
    }

    private static IpmiTransportException Refused(string path, int error) => new(IpmiTransportFailure.Device, error switch
    {
        2 => $"{path} does not exist. This machine has no controller, or its driver is not loaded: modprobe ipmi_devintf ipmi_si.",
        13 => $"{path} may not be opened. Run as root, or let the group of the device include this user.",
        _ => $"{path} cannot be opened: {new Win32Exception(error).Message} (errno {error}).",
    });
}
