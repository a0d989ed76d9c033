using System.Text.Json;

namespace Farwire.Console.Views;

/// <summary>A search that was given a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Query">What follows the question mark of its address.</param>
public sealed record CustomView(string Name, string Query);

/// <summary>The custom views of a collector, in one file.</summary>
internal sealed class CustomViews(string path)
{
    private const int MaxViews = 200;

    private readonly Lock _lock = new();

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<CustomView> All
    {
        get
        {
            lock (_lock)
            {
                return Read();
            }
        }
    }

    /// <summary>Keeps a view; one of the same name is replaced.</summary>
    /// <exception cref="InvalidOperationException">There are too many.</exception>
    public void Put(CustomView view) => Change(views => views.Count < MaxViews ? [.. views, view]
        : throw new InvalidOperationException($"There are {MaxViews} views already; remove one that nobody needs."), view.Name);

    /// <summary>Forgets a view.</summary>
    public void Remove(string name) => Change(static views => views, name);

    private void Change(Func<List<CustomView>, List<CustomView>> change, string without)
    {
        lock (_lock)
        {
            var views = change([.. Read().Where(view => !view.Name.Equals(without, StringComparison.OrdinalIgnoreCase))]);
            File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(views.OrderBy(view => view.Name, StringComparer.OrdinalIgnoreCase)));
            File.Move(path + ".new", path, overwrite: true); // whole or not at all
        }
    }

    private List<CustomView> Read() => File.Exists(path) ? JsonSerializer.Deserialize<List<CustomView>>(File.ReadAllBytes(path)) ?? [] : [];
}
