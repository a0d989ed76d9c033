using Farwire.Protocol.Names;
using Farwire.Security;
using Farwire.Security.Accounts;
using Farwire.TestKit;

namespace Farwire.Peers.Tests.Security;

/// <summary>One byte of a sealed message changed on the way, for each place in the header and many in the data.</summary>
internal static class Flipping
{
    /// <summary>A sealed Delete with a wrong byte deletes nothing and gets a 401; the same message unspoilt deletes.</summary>
    public static async Task AssertAsync(
        string mechanism, string scheme, int headerBytes, IReadOnlyDictionary<string, string> environment, Func<UserStore, SecretKey, IReadOnlyList<IAuthenticationScheme>>? schemes)
    {
        await using var service = await EdgeService.StartAsync(allowUnencrypted: false, schemes: schemes);
        var body = System.Text.Encoding.UTF8.GetString(EdgeService.Bytes(Exchange.Headers(Actions.Delete, ShelfResource.Uri, ("Name", "box1"))));
        int[] places = [.. Enumerable.Range(0, 4 + headerBytes), .. Enumerable.Range(0, body.Length / 23).Select(i => 4 + headerBytes + (i * 23)), 4 + headerBytes + body.Length - 1];

        var flipped = await Python.AskAsync(new { host = "localhost", port = service.Http.Port, mech = mechanism, scheme, body, flip = places }, environment);
        var survivors = service.Boxes.Names.Count;
        var whole = await Python.AskAsync(new { host = "localhost", port = service.Http.Port, mech = mechanism, scheme, body }, environment);

        Assert.Equal(places.Length, flipped.EnumerateObject().Count());
        Assert.All(flipped.EnumerateObject(), answer => Assert.True(answer.Value.GetInt32() == 401, $"byte {answer.Name}: {answer.Value}"));
        Assert.Equal(3, survivors);
        Assert.Equal(200, whole.GetProperty("status").GetInt32());
        Assert.Equal(2, service.Boxes.Names.Count);
    }
}
