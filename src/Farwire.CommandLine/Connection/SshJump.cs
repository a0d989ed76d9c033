using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Farwire.Client.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Connection;

/// <summary><c>--jump ssh://[USER@]HOST[:PORT]</c>: the connection goes through another machine, by the ssh of this one with its keys and its known hosts.</summary>
/// <remarks>ssh(1), -W: standard input and output are the connection from there.</remarks>
internal sealed class SshJump
{
    private readonly Uri _through;

    private SshJump(Uri through) => _through = through;

    /// <exception cref="UsageException">It does not have the form, or another way is named too.</exception>
    public static SshJump Parse(string jump, Switches switches)
    {
        if (switches.Has("--proxy") || switches.Has("proxyaccess"))
        {
            throw new UsageException("--jump is a way of its own; leave out the proxy.");
        }

        var text = jump.Contains("://", StringComparison.Ordinal) ? jump : "ssh://" + jump;
        return Uri.TryCreate(text, UriKind.Absolute, out var through) && through is { Scheme: "ssh", AbsolutePath: "" or "/" } && through.Host.Length > 0 && through.Host[0] != '-'
            && through.UserInfo is var user && !user.Contains(':', StringComparison.Ordinal) && !user.StartsWith('-')
            ? new SshJump(through)
            : throw new UsageException($"--jump {jump} is not of the form ssh://[USER@]HOST[:PORT].");
    }

    public ValueTask<Stream> OpenAsync(string host, int port, CancellationToken cancellationToken)
    {
        var target = $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port.ToString(CultureInfo.InvariantCulture)}";
        List<string> words = ["-W", target, "-o", "BatchMode=yes", "-o", "ClearAllForwardings=no"];
        if (_through.Port > 0)
        {
            words.AddRange(["-p", _through.Port.ToString(CultureInfo.InvariantCulture)]);
        }

        words.Add(_through.UserInfo.Length > 0 ? $"{_through.UserInfo}@{_through.Host}" : _through.Host);
        try
        {
            // What ssh has to say about its own way goes to our standard error.
            var ssh = Process.Start(new ProcessStartInfo("ssh", words) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            return ValueTask.FromResult<Stream>(new ProcessStream(ssh));
        }
        catch (Win32Exception e)
        {
            throw new WSManTransportException(TransportFailure.Connect, $"ssh cannot be started: {e.Message}", "Install the OpenSSH client.", e);
        }
    }
}
