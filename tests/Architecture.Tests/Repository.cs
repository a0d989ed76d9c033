namespace Farwire.Architecture.Tests;

/// <summary>The files of the project itself.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Farwire.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests lie outside of the repository.");
        }

        return folder;
    }
}
