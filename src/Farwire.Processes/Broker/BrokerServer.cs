using System.Collections.Concurrent;
using System.ComponentModel;
using System.Security.Cryptography;
using Farwire.Processes.Exit;
using Farwire.Processes.Tree;

namespace Farwire.Processes.Broker;

/// <summary>The broker: the one process with root's rights. It has no network, keeps no secret, and does what <see cref="BrokerVerb"/> lists.</summary>
/// <remarks>
/// The service in front of it reads the whole network and may be in an attacker's hand. So: 1. messages are small and of fixed form; one that is not
/// ends the conversation, 2. each verb checks for itself what it is asked, 3. only programs that the broker started can be signalled or ended, 4. every
/// request leaves a line in the log, 5. when the service is gone, all that was started for it is ended.
/// </remarks>
public sealed class BrokerServer(BrokerSocket socket, IBrokerDuties duties)
{
    private const int MaxPrograms = 10_000;
    private const int MaxPasswordChecks = 8;

    private readonly ConcurrentDictionary<int, ProgramTree> _programs = new();
    private int _passwordChecks;

    /// <summary>Serves until the service is gone. Returns when nothing runs any more that was started for it.</summary>
    public void Run()
    {
        var buffer = new byte[BrokerSocket.MaxMessageBytes];
        Span<int> descriptors = stackalloc int[BrokerSocket.MaxDescriptors];
        try
        {
            while (socket.Receive(buffer, descriptors, out var count) is > 0 and var length)
            {
                try
                {
                    Serve(buffer.AsSpan(0, length), descriptors[..count]); // 1
                }
                finally
                {
                    BrokerSocket.CloseAll(descriptors[..count]);
                    CryptographicOperations.ZeroMemory(buffer.AsSpan(0, length)); // there may have been a password in it
                }
            }
        }
        catch (InvalidDataException)
        {
            duties.Audit(0, "a broken message", BrokerOutcome.Forbidden);
        }
        finally
        {
            socket.Dispose();
            Task.WaitAll(_programs.Values.Select(p => p.EndTreeAsync()).ToArray()); // 5
        }
    }

    private void Serve(ReadOnlySpan<byte> message, ReadOnlySpan<int> descriptors)
    {
        var reader = new BrokerReader(message);
        var verb = (BrokerVerb)reader.Byte();
        var request = reader.Number();
        switch (verb)
        {
            case BrokerVerb.Authenticate:
                Authenticate(request, reader.Text(), reader.Bytes().ToArray(), reader.Text());
                break;
            case BrokerVerb.Start:
                var order = ProgramOrder.Read(ref reader);
                reader.End();
                Start(request, order, descriptors);
                break;
            case BrokerVerb.Signal:
                Signal(request, reader.Number(), (ProcessSignal)reader.Number());
                break;
            case BrokerVerb.EndTree:
                EndTree(request, reader.Number());
                break;
            case BrokerVerb.Read:
                Read(request, reader.Text());
                break;
            default:
                throw new InvalidDataException($"The broker has no verb {(byte)verb}.");
        }
    }

    // Modules take seconds over a wrong password: each check has a thread, and there are few.
    private void Authenticate(int request, string account, byte[] password, string peer)
    {
        if (Interlocked.Increment(ref _passwordChecks) > MaxPasswordChecks)
        {
            Interlocked.Decrement(ref _passwordChecks);
            CryptographicOperations.ZeroMemory(password);
            Finish(BrokerVerb.Authenticate, request, account, BrokerOutcome.Failed);
            return;
        }

        new Thread(() =>
        {
            var outcome = BrokerOutcome.Failed;
            try
            {
                outcome = duties.Authenticate(account, password, peer);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(password);
                Interlocked.Decrement(ref _passwordChecks);
                Finish(BrokerVerb.Authenticate, request, account, outcome);
            }
        })
        { IsBackground = true, Name = "Farwire password" }.Start();
    }

    private void Start(int request, ProgramOrder order, ReadOnlySpan<int> descriptors)
    {
        var subject = $"{order.Program} as {order.Account}";
        if (descriptors.Length != BrokerSocket.MaxDescriptors)
        {
            throw new InvalidDataException("A start needs three descriptors.");
        }

        if (duties.Permit(order.Account) is not { } account) // 2
        {
            Finish(BrokerVerb.Start, request, subject, BrokerOutcome.AccountRefused);
            return;
        }

        if (_programs.Count >= MaxPrograms)
        {
            Finish(BrokerVerb.Start, request, subject, BrokerOutcome.Failed);
            return;
        }

        ProgramTree program;
        try
        {
            program = AccountLauncher.Start(order, account, descriptors);
        }
        catch (Win32Exception e)
        {
            Finish(BrokerVerb.Start, request, subject, BrokerOutcome.Failed, e.NativeErrorCode);
            return;
        }
        catch (ArgumentException)
        {
            Finish(BrokerVerb.Start, request, subject, BrokerOutcome.Forbidden);
            return;
        }

        _programs[program.Id] = program; // 3
        Finish(BrokerVerb.Start, request, subject, BrokerOutcome.Done, program.Id);
        _ = TellEndAsync(program);
    }

    private async Task TellEndAsync(ProgramTree program)
    {
        var exit = await program.Exit.ConfigureAwait(false);
        Reply(BrokerVerb.Ended, program.Id, BrokerOutcome.Done, exit.Code, exit.Signal ?? 0);
    }

    private void Signal(int request, int id, ProcessSignal signal)
    {
        var known = _programs.TryGetValue(id, out var program);
        var outcome = !known ? BrokerOutcome.NotFound : program!.Signal(signal) ? BrokerOutcome.Done : BrokerOutcome.NotFound;
        Finish(BrokerVerb.Signal, request, $"{(int)signal} to {id}", outcome);
    }

    private void EndTree(int request, int id)
    {
        if (!_programs.TryGetValue(id, out var program))
        {
            Finish(BrokerVerb.EndTree, request, $"{id}", BrokerOutcome.NotFound);
            return;
        }

        _ = EndAsync();

        async Task EndAsync()
        {
            await program.EndTreeAsync().ConfigureAwait(false);
            _programs.TryRemove(id, out _);
            Finish(BrokerVerb.EndTree, request, $"{id}", BrokerOutcome.Done);
        }
    }

    private void Read(int request, string fact)
    {
        var bytes = duties.Read(fact);
        var outcome = bytes is null ? BrokerOutcome.NotFound : BrokerOutcome.Done;
        duties.Audit(BrokerVerb.Read, fact, outcome); // 4
        Reply(BrokerVerb.Read, request, outcome, 0, 0, bytes);
    }

    private void Finish(BrokerVerb verb, int request, string subject, BrokerOutcome outcome, int number = 0)
    {
        duties.Audit(verb, subject, outcome); // 4
        Reply(verb, request, outcome, number, 0);
    }

    private void Reply(BrokerVerb verb, int request, BrokerOutcome outcome, int first, int second, ReadOnlySpan<byte> bytes = default)
    {
        var buffer = new byte[32 + bytes.Length];
        var writer = new BrokerWriter(buffer);
        writer.Byte((byte)verb);
        writer.Number(request);
        writer.Byte((byte)outcome);
        writer.Number(first);
        writer.Number(second);
        writer.Bytes(bytes);
        try
        {
            socket.Send(buffer.AsSpan(0, writer.Length));
        }
        catch (Exception e) when (e is Win32Exception or ObjectDisposedException)
        {
            // The service is gone; the loop sees it too.
        }
    }
}
