using System.Net;

namespace Farwire.Daemon;

/// <summary><c>farwired health</c>, <c>metrics</c> and <c>trace</c>: what the local endpoint of the running service shows.</summary>
internal static class PageCommand
{
    public static async Task<int> RunAsync(string page, string[] words)
    {
        var socket = words switch { [] => "/run/farwire/local.sock", ["--socket", { Length: > 0 } path] => path, _ => null };
        if (socket is null)
        {
            await Console.Error.WriteLineAsync($"farwired: {page} takes --socket PATH.").ConfigureAwait(false);
            return 64;
        }

        using var client = LocalEndpoint.Client(socket);
        client.Timeout = Timeout.InfiniteTimeSpan; // a trace has no end
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://localhost/{page}"), HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.Forbidden)
            {
                await Console.Error.WriteLineAsync($"farwired: {page} is for root and members of the group farwire-admin.").ConfigureAwait(false);
                return 77;
            }

            using var output = Console.OpenStandardOutput();
            await answer.Content.CopyToAsync(output).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            await Console.Error.WriteLineAsync($"farwired: {e.Message.TrimEnd('.')}. Does the service run? 'systemctl status farwired' says so.").ConfigureAwait(false);
            return 69;
        }
    }
}
