using Farwire.Protocol.Addressing;

namespace Farwire.Protocol.Tests.Addressing;

public sealed class UuidTests
{
    [Fact]
    public void An_identifier_is_written_as_Windows_writes_it()
    {
        Assert.Equal("uuid:0F8FAD5B-D9CB-469F-A165-70867728950E", Uuid.Format(new Guid("0f8fad5b-d9cb-469f-a165-70867728950e")));
    }

    // RFC 9562, "Example of a UUIDv5 Value".
    [Fact]
    public void The_identifier_of_a_name_is_that_of_the_RFC() =>
        Assert.Equal(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"), Uuid.OfName(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"));
}
