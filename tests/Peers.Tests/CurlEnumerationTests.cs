using System.Text;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests;

/// <summary>curl against enumerations that are large, slow and left alone.</summary>
public sealed class CurlEnumerationTests(TestServiceProcess service)
{
    private const string Uri = Soap.Microsoft + "/test/Box";

    [Fact]
    [Trait("Feature", "PRO-17")]
    public async Task A_batch_has_no_more_than_the_client_and_the_service_want()
    {
        await using var own = await OfBoxesAsync("MaxBatchItems=5");

        var opened = await own.Curl.SendAsync(Soap.Enumerate(Uri, "<w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements>"));
        var two = await own.Curl.SendAsync(Soap.Pull(Uri, opened.Context, "<n:MaxElements>2</n:MaxElements>"));
        var characters = await own.Curl.SendAsync(Soap.Pull(Uri, two.Context, "<n:MaxElements>5</n:MaxElements><n:MaxCharacters>400</n:MaxCharacters>"));
        var tooFew = await own.Curl.SendAsync(Soap.Pull(Uri, characters.Context, "<n:MaxCharacters>10</n:MaxCharacters>"));
        var one = await own.Curl.SendAsync(Soap.Enumerate(Uri, "<w:OptimizeEnumeration/>"));
        var none = await own.Curl.SendAsync(Soap.Enumerate(Uri, "<w:OptimizeEnumeration/><w:MaxElements>0</w:MaxElements>"));

        Assert.Equal(5, Items(opened)); // MaxBatchItems
        Assert.Equal(2, Items(two));
        Assert.InRange(Items(characters), 1, 4);
        Assert.Contains("w:EncodingLimit", tooFew.Body, StringComparison.Ordinal);
        Assert.Equal(1, Items(one));
        Assert.Contains("w:InvalidParameter", none.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-16")]
    [Trait("Feature", "PRO-17")]
    public async Task The_last_batch_says_so_and_has_no_context()
    {
        var opened = await service.Curl.SendAsync(Soap.Enumerate(Uri, ""));
        var context = opened.Context;
        Answer pulled;
        do
        {
            pulled = await service.Curl.SendAsync(Soap.Pull(Uri, context, "<n:MaxElements>5</n:MaxElements>"));
            context = pulled.Context;
        }
        while (!pulled.Body.Contains("EndOfSequence", StringComparison.Ordinal));

        Assert.Equal(0, Items(opened));
        Assert.Empty(context);
        Assert.Matches("</n:Items><n:EndOfSequence/></n:PullResponse>", pulled.Body);
    }

    [Fact]
    [Trait("Feature", "PRO-17")]
    public async Task MaxTime_ends_a_batch_with_what_there_is_and_loses_nothing()
    {
        var opened = await service.Curl.SendAsync(Soap.Enumerate(TestServiceProcess.Slow, ""));
        var first = await service.Curl.SendAsync(Soap.Pull(TestServiceProcess.Slow, opened.Context, "<n:MaxTime>PT0.1S</n:MaxTime><n:MaxElements>5</n:MaxElements>"));
        var second = await service.Curl.SendAsync(Soap.Pull(TestServiceProcess.Slow, first.Context, "<n:MaxTime>PT0.1S</n:MaxTime><n:MaxElements>5</n:MaxElements>"));
        var released = await service.Curl.SendAsync(Soap.Message(
            $"{Soap.Enumeration}/Release", TestServiceProcess.Slow, $"<n:Release><n:EnumerationContext>{first.Context}</n:EnumerationContext></n:Release>"));

        Assert.Contains("<n:Items><Only/></n:Items></n:PullResponse>", first.Body, StringComparison.Ordinal);
        Assert.Equal("2150858793", second.Code);
        Assert.Equal(200, released.Status); // a time-out is no end
    }

    [Fact]
    [Trait("Feature", "PRO-18")]
    public async Task An_enumeration_that_nobody_pulls_is_gone_after_its_time()
    {
        await using var own = await TestServiceProcess.StartedAsync("EnumerationTimeout=200");
        var opened = await own.Curl.SendAsync(Soap.Enumerate(Uri, ""));
        while ((await own.CountsAsync()).Enumerations > 0)
        {
            await Task.Yield();
        }

        var pulled = await own.Curl.SendAsync(Soap.Pull(Uri, opened.Context));

        Assert.Equal("2150858779", pulled.Code);
        Assert.Contains("<s:Value>n:InvalidEnumerationContext</s:Value>", pulled.Body, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), await own.CountsAsync());
    }

    [Fact]
    public async Task A_client_that_goes_in_the_middle_of_an_enumeration_leaves_nothing_behind()
    {
        await using var own = await TestServiceProcess.StartedAsync();
        var message = Encoding.UTF8.GetBytes(Soap.Enumerate(TestServiceProcess.Slow, "<w:OptimizeEnumeration/><w:MaxElements>10</w:MaxElements>"));

        var outcome = await own.Curl.RunAsync(message, "application/soap+xml;charset=UTF-8", "--max-time", "0.5");

        Assert.Equal(28, outcome.ExitCode); // curl's word for its own patience
        while (await own.CountsAsync() is not (0, 0, 0))
        {
            await Task.Yield();
        }
    }

    private static async Task<TestServiceProcess> OfBoxesAsync(string options)
    {
        var service = await TestServiceProcess.StartedAsync(options);
        for (var i = 0; i < 20; i++)
        {
            await service.Curl.SendAsync(Soap.Message($"{Soap.Transfer}/Create", Uri, $"<t:Box xmlns:t=\"{Uri}\"><t:Name>b{i:D2}</t:Name><t:Tags>tag</t:Tags></t:Box>"));
        }

        return service;
    }

    private static int Items(Answer answer) => Regex.Count(answer.Body, "<t:Box ");
}
