using Microsoft.AspNetCore.Http;

namespace Farwire.Console;

/// <summary>The styles and the script, as they lie in the assembly.</summary>
internal static class PageAssets
{
    private static readonly Dictionary<string, (string Type, byte[] Bytes)> All = new(StringComparer.Ordinal)
    {
        ["page.css"] = ("text/css; charset=utf-8", Read("page.css")),
        ["tail.js"] = ("text/javascript; charset=utf-8", Read("tail.js")),
    };

    public static async Task ServeAsync(HttpContext http)
    {
        if (!All.TryGetValue((string)http.Request.RouteValues["name"]!, out var asset))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = asset.Type;
        http.Response.ContentLength = asset.Bytes.Length;
        await http.Response.Body.WriteAsync(asset.Bytes, http.RequestAborted).ConfigureAwait(false);
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
