using Farwire.Linux.DBus;

namespace Farwire.Linux.Tests.DBus;

/// <summary>Bytes of the bus: what the specification's rules make of values, and what hostile bytes do.</summary>
public sealed class WireTests
{
    [Fact]
    public void A_message_that_was_written_is_read_back()
    {
        var bytes = new DBusCall("s", "/x", "i.f", "M") { Signature = "sbuasv", Arguments = w => w.String("ä").Boolean(true).UInt32(7).Strings("a", "bc").Variant("v") }.Write(9).ToArray();

        Assert.Equal(bytes.Length, DBusMessage.LengthOf(bytes));
        var message = DBusMessage.Parse(bytes);
        var body = message.Body();
        Assert.Equal((DBusMessageType.MethodCall, 9u, "/x", "i.f", "M", "sbuasv"), (message.Type, message.Serial, message.Path, message.Interface, message.Member, message.Signature));
        Assert.Equal("ä", body.String());
        Assert.True(body.Boolean());
        Assert.Equal(7u, body.UInt32());
        Assert.Equal(["a", "bc"], body.Strings());
        Assert.Equal("v", body.Variant());
    }

    [Fact]
    public void Values_that_are_not_wanted_are_passed_by()
    {
        var writer = new DBusWriter().String("x").Strings("a", "b").Variant("c").Byte(1).UInt32(5);
        var reader = new DBusReader(writer.Written.Span, bigEndian: false);

        foreach (var type in new[] { "s", "as", "v", "y" })
        {
            reader.Skip(type);
        }

        Assert.Equal(5u, reader.UInt32());
    }

    [Theory]
    [InlineData("FFFFFFFF")] // a text longer than the message
    [InlineData("7FFFFFFF00")]
    [InlineData("01000000FF00")] // not UTF-8
    public void A_text_that_does_not_fit_is_refused(string hex) =>
        Assert.Throws<DBusException>(() => new DBusReader(Convert.FromHexString(hex), bigEndian: false).String());

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("(")]
    [InlineData("()")]
    [InlineData("(s")]
    [InlineData("z")]
    public void What_is_no_signature_is_refused(string signature) => Assert.Throws<DBusException>(() => DBusSignature.FirstType(signature));

    [Fact]
    public void Nesting_has_an_end()
    {
        Assert.Throws<DBusException>(() => DBusSignature.FirstType(new string('a', 200) + "s"));

        // A variant in a variant in a variant …
        var writer = new DBusWriter();
        for (var i = 0; i < 100; i++)
        {
            writer.Signature("v");
        }

        Assert.Throws<DBusException>(() => new DBusReader(writer.Written.Span, bigEndian: false).Variant());
    }

    [Fact]
    public void A_message_larger_than_the_limit_is_refused_before_it_has_memory() =>
        Assert.Throws<DBusException>(() => DBusMessage.LengthOf(Convert.FromHexString("6C020001FFFFFF0F0100000000000000")));

    [Fact]
    [Trait("Feature", "QLT-02")]
    public void Damaged_messages_never_do_worse_than_be_refused()
    {
        var random = new Random(7);
        var good = new DBusCall("s", "/x", "i.f", "M") { Signature = "sasv", Arguments = w => w.String("abc").Strings("a", "bc").Variant("v") }.Write(9).ToArray();
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                if (DBusMessage.LengthOf(bytes) == bytes.Length)
                {
                    var body = DBusMessage.Parse(bytes).Body();
                    _ = body.String();
                    _ = body.Strings();
                    _ = body.Variant();
                }
            }
            catch (DBusException)
            {
                // Refused, as it should be.
            }
        }
    }
}
