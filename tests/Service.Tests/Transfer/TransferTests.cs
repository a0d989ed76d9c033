using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Transfer;
using Farwire.TestKit;

namespace Farwire.Service.Tests.Transfer;

public sealed class TransferTests
{
    private static readonly Box Sample = new("b1") { Tags = ["red", "a<b"], Owner = new Person("Ann", "O'Neil") };

    [Fact]
    [Trait("Feature", "PRO-11")]
    public async Task What_was_created_is_read_changed_and_deleted()
    {
        await using var shelf = new Shelf();

        using (var created = (await shelf.Channel.AskAsync(Exchange.Headers(Actions.Create, ShelfResource.Uri), Sample)).EnsureSuccess())
        {
            var reference = ResourceCreated.Read(created.Body).Reference;
            Assert.Equal(ShelfResource.Uri, reference.ResourceUri);
            Assert.Equal("b1", reference.Selectors["name"]);
            Assert.Equal("http://box:5985/wsman", reference.Address);
        }

        using (var got = (await shelf.Channel.AskAsync(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("NAME", "B1")))).EnsureSuccess())
        {
            var box = Box.Read(got.Body);
            Assert.Equal(Sample.Tags, box.Tags);
            Assert.Equal(Sample.Owner, box.Owner);
            Assert.Equal(Actions.GetResponse, got.Headers.Action);
        }

        using (var put = (await shelf.Channel.AskAsync(Exchange.Headers(Actions.Put, ShelfResource.Uri, ("Name", "b1")), Sample with { Tags = [] })).EnsureSuccess())
        {
            Assert.Empty(Box.Read(put.Body).Tags);
        }

        using (var deleted = (await shelf.Channel.AskAsync(Exchange.Headers(Actions.Delete, ShelfResource.Uri, ("Name", "b1")))).EnsureSuccess())
        {
            Assert.False(deleted.Body.HasElement);
        }

        var fault = await shelf.Channel.FaultAsync(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "b1")));
        Assert.Equal(FaultCatalog.ResourceNotFound.Code, fault.Code);
    }

    [Fact]
    [Trait("Feature", "PRO-15")]
    public async Task A_method_takes_arrays_and_embedded_objects()
    {
        await using var shelf = new Shelf();
        shelf.Boxes.Put(Sample);
        var input = new XmlBody(System.Text.Encoding.UTF8.GetBytes(
            $"<t:Relabel_INPUT xmlns:t=\"{ShelfResource.Uri}\"><t:Tags>x</t:Tags><t:Tags>y</t:Tags><t:Owner><t:First>Bo</t:First></t:Owner></t:Relabel_INPUT>"));

        using var reply = (await shelf.Channel.AskAsync(Exchange.Headers(ShelfResource.Uri + "/Relabel", ShelfResource.Uri, ("Name", "b1")), input)).EnsureSuccess();

        Assert.Equal(ShelfResource.Uri + "/RelabelResponse", reply.Headers.Action);
        Assert.Contains("<t:ReturnValue>2</t:ReturnValue>", reply.Body.ReadOuterXml(), StringComparison.Ordinal);
        using var after = await shelf.Channel.AskAsync(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "b1")));
        var box = Box.Read(after.Body);
        Assert.Equal(["x", "y"], box.Tags);
        Assert.Equal(new Person("Bo", ""), box.Owner);
    }

    [Fact]
    [Trait("Feature", "PRO-11")]
    public async Task Creating_what_is_there_faults_AlreadyExists()
    {
        await using var shelf = new Shelf();
        shelf.Boxes.Put(Sample);

        var fault = await shelf.Channel.FaultAsync(Exchange.Headers(Actions.Create, ShelfResource.Uri), Sample);

        Assert.Equal("w:AlreadyExists", fault.Subcode);
    }
}
