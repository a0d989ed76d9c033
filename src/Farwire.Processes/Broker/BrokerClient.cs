using System.Collections.Concurrent;
using System.ComponentModel;
using System.Security.Cryptography;
using Farwire.Processes.Exit;
using Farwire.Processes.Launch;

namespace Farwire.Processes.Broker;

/// <summary>The service's end: asks the broker for what needs more rights than the service has. Safe for all callers at once.</summary>
public sealed class BrokerClient : IDisposable
{
    private readonly BrokerSocket _socket;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<BrokerReply>> _waiting = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<ProcessExit>> _programs = new();
    private int _lastRequest;

    /// <summary>Takes over the socket and listens to it.</summary>
    public BrokerClient(BrokerSocket socket)
    {
        _socket = socket;
        new Thread(Listen) { IsBackground = true, Name = "Farwire broker" }.Start();
    }

    /// <summary>Ends when the broker is gone: a service without its broker can only stop.</summary>
    public Task Gone => _gone.Task;

    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Is this the password of that account?</summary>
    public async Task<BrokerOutcome> AuthenticateAsync(string account, ReadOnlyMemory<byte> password, string peer)
    {
        var reply = await AskAsync(BrokerVerb.Authenticate, (ref BrokerWriter writer) =>
        {
            writer.Text(account);
            writer.Bytes(password.Span);
            writer.Text(peer);
        }).ConfigureAwait(false);
        return reply.Outcome;
    }

    /// <summary>Reads a fact that only root may read; null when it is not on the broker's list or is not there.</summary>
    public async Task<byte[]?> ReadAsync(string fact)
    {
        var reply = await AskAsync(BrokerVerb.Read, (ref BrokerWriter writer) => writer.Text(fact)).ConfigureAwait(false);
        return reply.Outcome == BrokerOutcome.Done ? reply.Bytes : null;
    }

    /// <summary>Starts a program as an account. The streams stay open here.</summary>
    /// <exception cref="UnauthorizedAccessException">Nothing may be started as this account.</exception>
    /// <exception cref="Win32Exception">The system refused.</exception>
    internal async Task<(int Id, Task<ProcessExit> Exit)> StartAsync(ProgramOrder order, int[] streams)
    {
        var reply = await AskAsync(BrokerVerb.Start, (ref BrokerWriter writer) => order.Write(ref writer), streams).ConfigureAwait(false);
        return reply.Outcome switch
        {
            BrokerOutcome.Done => (reply.First, Program(reply.First).Task),
            BrokerOutcome.AccountRefused => throw new UnauthorizedAccessException(
                $"Nothing may be started as '{order.Account}': the account is unknown, or not a member of a group that may work remotely."),
            BrokerOutcome.Forbidden => throw new ArgumentException("The name of a variable is none that the system knows.", nameof(order)),
            _ => throw new Win32Exception(reply.First),
        };
    }

    internal void Signal(int id, ProcessSignal signal) => _ = AskAsync(BrokerVerb.Signal, (ref BrokerWriter writer) =>
    {
        writer.Number(id);
        writer.Number((int)signal);
    });

    internal async Task EndTreeAsync(int id)
    {
        var reply = await AskAsync(BrokerVerb.EndTree, (ref BrokerWriter writer) => writer.Number(id)).ConfigureAwait(false);
        if (reply.Outcome != BrokerOutcome.NotFound) // else it had ended, which was told before
        {
            await Program(id).Task.ConfigureAwait(false);
        }

        _programs.TryRemove(id, out _);
    }

    /// <summary>Ends the conversation; the broker ends all that it started.</summary>
    public void Dispose() => _socket.Dispose();

    private delegate void Fields(ref BrokerWriter writer);

    private async Task<BrokerReply> AskAsync(BrokerVerb verb, Fields fields, int[]? descriptors = null)
    {
        var request = Interlocked.Increment(ref _lastRequest);
        var answer = new TaskCompletionSource<BrokerReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[request] = answer;
        try
        {
            Send(verb, request, fields, descriptors);
            if (_gone.Task.IsCompleted)
            {
                answer.TrySetException(GoneException());
            }

            return await answer.Task.ConfigureAwait(false);
        }
        finally
        {
            _waiting.TryRemove(request, out _);
        }
    }

    private void Send(BrokerVerb verb, int request, Fields fields, int[]? descriptors)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BrokerSocket.MaxMessageBytes);
        var writer = new BrokerWriter(buffer.AsSpan(0, BrokerSocket.MaxMessageBytes));
        try
        {
            writer.Byte((byte)verb);
            writer.Number(request);
            fields(ref writer);
            _socket.Send(buffer.AsSpan(0, writer.Length), descriptors);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, writer.Length));
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Listen()
    {
        var buffer = new byte[BrokerSocket.MaxMessageBytes];
        try
        {
            while (_socket.Receive(buffer, [], out _) is > 0 and var length)
            {
                var reader = new BrokerReader(buffer.AsSpan(0, length));
                var verb = (BrokerVerb)reader.Byte();
                var request = reader.Number();
                var reply = new BrokerReply((BrokerOutcome)reader.Byte(), reader.Number(), reader.Number(), reader.Bytes().ToArray());
                if (verb == BrokerVerb.Ended)
                {
                    Program(request).TrySetResult(new ProcessExit(reply.First, reply.Second == 0 ? null : reply.Second));
                }
                else if (_waiting.TryGetValue(request, out var answer))
                {
                    answer.TrySetResult(reply);
                }
            }
        }
        catch (InvalidDataException)
        {
            // A broker that speaks otherwise is none: the same as if it were gone.
        }

        _gone.TrySetResult();
        foreach (var answer in _waiting.Values)
        {
            answer.TrySetException(GoneException());
        }

        foreach (var program in _programs.Values)
        {
            program.TrySetResult(new ProcessExit(128 + (int)ProcessSignal.Kill, (int)ProcessSignal.Kill));
        }
    }

    // The word of the end may come before the answer to the start.
    private TaskCompletionSource<ProcessExit> Program(int id) =>
        _programs.GetOrAdd(id, _ => new TaskCompletionSource<ProcessExit>(TaskCreationOptions.RunContinuationsAsynchronously));

    private static InvalidOperationException GoneException() => new("The broker is gone; the service has to be started again.");

    private readonly record struct BrokerReply(BrokerOutcome Outcome, int First, int Second, byte[] Bytes);
}
