using Farwire.Protocol.Addressing;

namespace Farwire.Protocol.Tests.Addressing;

public sealed class UuidTests
{
    [Fact]
    public void An_identifier_is_written_as_Windows_writes_it()
    {
        Assert.Equal("uuid:0F8FAD5B-D9CB-469F-A165-70867728950E", Uuid.Format(new Guid("0f8fad5b-d9cb-469f-a165-70867728950e")));
    }
}
