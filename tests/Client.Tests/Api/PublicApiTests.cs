using System.Runtime.CompilerServices;

namespace Farwire.Client.Tests.Api;

/// <summary>The promise of the library: what changes here changes programs of others. The text is read before it is taken over.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_face_of_the_client_is_what_was_agreed()
    {
        var agreed = Path.Combine(Folder(), "Farwire.Client.txt");
        var now = PublicApi.Of(typeof(WSManClient).Assembly);
        var told = File.Exists(agreed) ? File.ReadAllText(agreed).ReplaceLineEndings("\n") : "";
        if (now != told)
        {
            var taken = Path.Combine(AppContext.BaseDirectory, "Farwire.Client.txt");
            File.WriteAllText(taken, now);
            var lines = told.Split('\n').ToHashSet();
            var fresh = now.Split('\n').ToHashSet();
            Assert.Fail(
                $"The public face has changed. If that is meant, copy {taken} over {agreed}.\n"
                + string.Join('\n', fresh.Except(lines).Select(l => "+ " + l).Concat(lines.Except(fresh).Select(l => "- " + l)).Take(100)));
        }
    }

    private static string Folder([CallerFilePath] string file = "")
    {
        // The compiler may be told to forget where the source lies; then it is found from here.
        var folder = Path.GetDirectoryName(file)!;
        for (var at = AppContext.BaseDirectory; !Directory.Exists(folder); at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("The tests lie outside of the repository."))
        {
            folder = Path.Combine(at, "tests", "Client.Tests", "Api");
        }

        return folder;
    }
}
