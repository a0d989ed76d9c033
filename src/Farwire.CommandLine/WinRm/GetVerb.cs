namespace Farwire.CommandLine.WinRm;

/// <summary><c>winrm get</c>: WS-Transfer Get.</summary>
internal static class GetVerb
{
    public static async Task RunAsync(Call call)
    {
        var resource = call.Resource();
        call.Rest(1);
        var form = call.Form(resource.Uri);
        var fragment = call.Fragment();
        await using var client = call.Client();
        call.Show(form, fragment is null
            ? await client.GetAsync(resource.Uri, resource.Selectors, call.CancellationToken).ConfigureAwait(false)
            : await client.GetFragmentAsync(resource.Uri, resource.Selectors, fragment, call.CancellationToken).ConfigureAwait(false));
    }
}
