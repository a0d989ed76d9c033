using Farwire.Service.Resources;

namespace Farwire.Shells;

/// <summary>The shells that the configuration adds to the command shell, found by their URIs.</summary>
internal sealed class CustomShells(CommandShell shells) : IResourceProvider
{
    public IReadOnlyList<string> Uris => [.. shells.Options.CustomShells.Select(shell => shell.Uri)];

    public IResource? Find(string resourceUri) => shells.Options.CustomShell(resourceUri) is null ? null : shells;
}
