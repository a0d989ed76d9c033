namespace Farwire.Service.Access;

/// <summary>The descriptor of one URI or of all that begin with it.</summary>
/// <param name="Uri">The resource URI or its beginning.</param>
/// <param name="IsExact">The whole URI, not a beginning.</param>
/// <param name="Descriptor">Who may do what there.</param>
/// <remarks>MS-WSMV, "Security" of a plug-in's resource: exact beats prefix, a longer prefix beats a shorter one.</remarks>
public sealed record AccessRule(string Uri, bool IsExact, SecurityDescriptor Descriptor)
{
    /// <summary>True when the rule is about <paramref name="resourceUri"/>. A prefix ends where a segment ends: <c>…/config</c> says nothing about <c>…/configure</c>.</summary>
    public bool Covers(string resourceUri) =>
        resourceUri.StartsWith(Uri, StringComparison.OrdinalIgnoreCase)
        && (resourceUri.Length == Uri.Length || (!IsExact && (Uri.EndsWith('/') || resourceUri[Uri.Length] is '/' or '?')));
}
