using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.WinRm;

/// <summary><c>winrm invoke</c>: a method of a resource.</summary>
internal static class InvokeVerb
{
    public static async Task RunAsync(Call call)
    {
        if (call.Words.Count == 0)
        {
            throw new UsageException($"the method is missing: {call.Verb.Usage}");
        }

        var method = call.Words[0];
        var resource = call.Resource(1);
        var input = Input.Of(call, call.Rest(2, most: Input.MaxWords), optional: true);
        var form = call.Form(resource.Uri);
        await using var client = call.Client();
        var representation = input.Xml ?? input.Element(method + "_INPUT", resource.Uri);
        call.Show(form, await client.InvokeAsync(method, resource.Uri, resource.Selectors, representation, call.CancellationToken).ConfigureAwait(false));
    }
}
