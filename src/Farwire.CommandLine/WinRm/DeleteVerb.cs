namespace Farwire.CommandLine.WinRm;

/// <summary><c>winrm delete</c>: WS-Transfer Delete.</summary>
internal static class DeleteVerb
{
    public static async Task RunAsync(Call call)
    {
        var resource = call.Resource();
        call.Rest(1);
        await using var client = call.Client();
        await client.DeleteAsync(resource.Uri, resource.Selectors, call.CancellationToken).ConfigureAwait(false);
    }
}
