using System.Diagnostics;
using System.Globalization;
using System.Text;
using Farwire.Plugins;

namespace Farwire.Samples.EchoShellPlugin;

/// <summary>A shell with a handful of commands: a plug-in of the kind Shell.</summary>
public sealed class EchoShell : IShellPlugin
{
    private string? _diary;

    public ValueTask StartupAsync(PluginStartup startup, CancellationToken cancellationToken)
    {
        _diary = startup.Parameters.GetValueOrDefault("Diary");
        return ValueTask.CompletedTask;
    }

    public ValueTask<IPluginShell> OpenAsync(PluginShellRequest request, CancellationToken cancellationToken) => ValueTask.FromResult<IPluginShell>(new Session(request, Write));

    private void Write(string line)
    {
        if (_diary is not null)
        {
            File.AppendAllText(_diary, line + "\n");
        }
    }

    private sealed class Session(PluginShellRequest request, Action<string> write) : IPluginShell
    {
        public async Task<int> RunAsync(PluginCommand command, CancellationToken cancellationToken)
        {
            var arguments = command.Arguments;
            try
            {
                switch (command.CommandLine)
                {
                    case "echo":
                        await command.WriteAsync(string.Join(' ', arguments) + "\n", cancellationToken);
                        return 0;
                    case "env":
                        await command.WriteAsync(string.Join('\n', request.Environment.Select(variable => $"{variable.Key}={variable.Value}")), cancellationToken);
                        return 0;
                    case "copy":
                        await foreach (var piece in command.Input.ReadAllAsync(cancellationToken))
                        {
                            await command.WriteAsync("stdout", piece.Data, piece.IsEnd ? OutputFlags.NoMoreData : OutputFlags.None, cancellationToken);
                            if (piece.IsEnd)
                            {
                                break;
                            }
                        }

                        return 0;
                    case "signals":
                        await command.WriteAsync("stdout", Encoding.UTF8.GetBytes((await command.Signals.ReadAsync(cancellationToken)).Split('/')[^1]), OutputFlags.Flush, cancellationToken);
                        return 130;
                    case "flood":
                        // flood BYTES: numbered lines of 64 bytes, 64 of them at a time
                        var dropped = 0L;
                        for (var block = 0; block < int.Parse(arguments[0], CultureInfo.InvariantCulture) / 4096; block++)
                        {
                            var lines = string.Concat(Enumerable.Range(block * 64, 64).Select(line => $"{line,63}\n"));
                            dropped += await command.WriteAsync("stdout", Encoding.UTF8.GetBytes(lines), OutputFlags.None, cancellationToken);
                        }

                        write($"flooded, {dropped} dropped");
                        return 0;
                    case "spawn":
                        using (var child = Process.Start("sleep", "600"))
                        {
                            await command.WriteAsync($"{child.Id}\n", cancellationToken);
                            try
                            {
                                await child.WaitForExitAsync(cancellationToken);
                            }
                            finally
                            {
                                child.Kill();
                            }
                        }

                        return 0;
                    case "eat":
                        // eat MB
                        var food = new byte[int.Parse(arguments[0], CultureInfo.InvariantCulture)][];
                        for (var i = 0; i < food.Length; i++)
                        {
                            food[i] = new byte[1024 * 1024];
                            Array.Fill(food[i], (byte)1);
                        }

                        await Task.Delay(Timeout.Infinite, cancellationToken);
                        GC.KeepAlive(food);
                        return 0;
                    case "wait":
                        write("waiting");
                        await Task.Delay(Timeout.Infinite, cancellationToken);
                        return 0;
                    case "crash":
                        Environment.FailFast("asked to");
                        return 0;
                    default:
                        throw new PluginException(2147942402, $"there is no command '{command.CommandLine}' in this shell.");
                }
            }
            catch (OperationCanceledException)
            {
                write($"{command.CommandLine} cancelled");
                throw;
            }
        }

        public ValueTask<string?> ConnectAsync(string? connectXml, CancellationToken cancellationToken) =>
            ValueTask.FromResult<string?>(connectXml is null ? null : "<connectResponseXml xmlns=\"http://schemas.example.com/echo\">welcome back</connectResponseXml>");

        public ValueTask DisposeAsync()
        {
            write("closed");
            return ValueTask.CompletedTask;
        }
    }
}
