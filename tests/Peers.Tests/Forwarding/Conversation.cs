using System.Diagnostics;
using System.Text.Json;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Forwarding;

/// <summary>What a source and the collector say to each other, as <c>farwired trace</c> shows it at the collector.</summary>
internal sealed class Conversation : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<Said> _said = [];

    private Conversation(Process process, string user)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                return;
            }

            var message = JsonDocument.Parse(line.Data).RootElement;
            lock (_said)
            {
                HasBegun = true;
                Assert.False(message.TryGetProperty("missed", out var _), "The trace has missed messages.");
                if (message.GetProperty("user").GetString()!.EndsWith(user, StringComparison.Ordinal))
                {
                    _said.Add(new Said(message.GetProperty("direction").GetString() == "request", System.Net.WebUtility.HtmlDecode(message.GetProperty("message").GetString()!), message.GetProperty("time").GetDateTimeOffset()));
                }
            }
        };
        _process.BeginOutputReadLine();
    }

    private bool HasBegun { get; set; }

    /// <summary>Begins to listen to what <paramref name="user"/> says.</summary>
    public static async Task<Conversation> ListenAsync(ForwardingCollector collector, string user)
    {
        var start = new ProcessStartInfo(RunningService.Program("farwired"), ["trace", "--socket", collector.Service.Socket]) { RedirectStandardOutput = true };
        var conversation = new Conversation(Process.Start(start)!, user);
        await Waiting.UntilAsync(
            async () =>
            {
                await collector.Service.AskAsync("get", "winrm/config/winrs");
                return conversation.HasBegun;
            },
            () => "The trace does not begin.");
        return conversation;
    }

    /// <summary>The source's messages so far.</summary>
    public IReadOnlyList<Said> Requests
    {
        get
        {
            lock (_said)
            {
                return [.. _said.Where(said => said.IsRequest)];
            }
        }
    }

    /// <summary>Waits until the source has said <paramref name="count"/> messages of this action.</summary>
    public async Task<IReadOnlyList<Said>> UntilAsync(string action, int count)
    {
        IReadOnlyList<Said> found = [];
        await Waiting.UntilAsync(() => Task.FromResult((found = [.. Requests.Where(said => said.Action == action)]).Count >= count), () => $"Of {count} {action}: {string.Join(", ", Requests.Select(said => said.Action))}");
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>One message.</summary>
    public sealed record Said(bool IsRequest, string Xml, DateTimeOffset Time)
    {
        /// <summary>The last part of the action's address.</summary>
        public string Action
        {
            get
            {
                var end = Xml.IndexOf("</a:Action>", StringComparison.Ordinal);
                return end < 0 ? "" : Xml[(Xml.LastIndexOf('/', end - 1) + 1)..end];
            }
        }

        /// <summary>The numbers of the events in it.</summary>
        public IReadOnlyList<int> Numbers => [.. System.Text.RegularExpressions.Regex.Matches(Xml, "\"MESSAGE\">number (\\d+);").Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
    }
}
