namespace Farwire.Service.Resources;

/// <summary>A family of resources, found by the form of their URI.</summary>
public interface IResourceProvider
{
    /// <summary>The resource of this URI, or null when it is none of the family. Compared without regard to case.</summary>
    IResource? Find(string resourceUri);

    /// <summary>What the URIs of the family begin with.</summary>
    IReadOnlyList<string> Uris { get; }
}
