using System.Text;
using Farwire.Source.Syslog;

namespace Farwire.Source.Tests.Syslog;

/// <summary>Messages of both forms, with the examples of their standards; what is no header is text.</summary>
public sealed class SyslogParserTests
{
    private static readonly DateTimeOffset Received = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \uFEFF'su root' failed for lonvick on /dev/pts/8", 4, 2, "mymachine.example.com", "su", null, "ID47", "'su root' failed for lonvick on /dev/pts/8")]
    [InlineData("<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.", 20, 5, "192.0.2.1", "myproc", "8710", null, "%% It's time to make the do-nuts.")]
    [InlineData("<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut=\"3\" eventID=\"1011\"][x@1 a=\"\\]\"]", 20, 5, "mymachine.example.com", "evntslog", null, "ID47", "")]
    [InlineData("<0>1 - - - - - -", 0, 0, null, null, null, null, "")]
    [InlineData("<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8", 4, 2, "mymachine", "su", null, null, "'su root' failed for lonvick on /dev/pts/8")]
    [InlineData("<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!", 1, 5, "10.0.0.99", null, null, null, "Use the BFG!")]
    [InlineData("<86>2026-01-02T03:04:05.123456+00:00 web1 sshd[77]: Accepted", 10, 6, "web1", "sshd", "77", null, "Accepted")]
    [InlineData("<86>Jan  2 03:04:05 sshd[77]: no host", 10, 6, null, "sshd", "77", null, "no host")]
    [InlineData("Use the BFG!", 1, 5, null, null, null, null, "Use the BFG!")]
    [InlineData("<999>too much", 1, 5, null, null, null, null, "<999>too much")]
    [InlineData("<13>1 cut", 1, 5, null, null, null, null, "1 cut")]
    [InlineData("<13>", 1, 5, null, null, null, null, "")]
    [InlineData("", 1, 5, null, null, null, null, "")]
    public void A_message_is_taken_apart(string text, int facility, int severity, string? host, string? application, string? process, string? kind, string message)
    {
        var read = SyslogParser.Read(Encoding.UTF8.GetBytes(text), Received);

        Assert.Equal((facility, severity, host, application, process, kind, message), (read.Facility, read.Severity, read.Host, read.Application, read.ProcessId, read.MessageId, Encoding.UTF8.GetString(read.Text.Span)));
    }

    [Fact]
    public void Times_have_the_zone_and_the_year_that_fit()
    {
        Assert.Equal(new DateTimeOffset(2003, 8, 24, 12, 14, 15, TimeSpan.Zero).AddTicks(30), SyslogParser.Read("<165>1 2003-08-24T05:14:15.000003-07:00 a b c d - e"u8.ToArray(), Received).Time?.ToUniversalTime());
        var local = SyslogParser.Read("<34>Dec 31 23:59:59 m su: x"u8.ToArray(), Received).Time!.Value;
        Assert.Equal((2025, 12, 31, 23), (local.Year, local.Month, local.Day, local.Hour));
        Assert.Null(SyslogParser.Read("<34>Feb 30 23:59:59 m su: x"u8.ToArray(), Received).Time);
    }

    [Fact]
    public void Structured_data_are_parameters_by_element_and_name()
    {
        Assert.Equal([("a@1/x", "1"), ("a@1/y", "\"]\\"), ("b/x", "ä")], StructuredData.ParametersOf("[a@1 x=\"1\" y=\"\\\"\\]\\\\\"][b x=\"ä\"] rest"));
        Assert.Equal(0, StructuredData.LengthOf("[a x=1]"));
        Assert.Equal(0, StructuredData.LengthOf("[a x=\"1\""));
        Assert.Equal(StructuredData.MaxParameters, StructuredData.ParametersOf($"[a{string.Concat(Enumerable.Repeat(" x=\"1\"", 1000))}]").Count);
    }

    [Fact]
    public void Any_bytes_are_a_message()
    {
        var random = new Random(7);
        var bytes = new byte[200];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            var head = "<165>1 2003-10-11T22:14:15.003Z h a - - [a x=\"1\"] "u8;
            head[..random.Next(head.Length + 1)].CopyTo(bytes);
            Assert.InRange(SyslogParser.Read(bytes.AsMemory(0, random.Next(200)), Received).Text.Length, 0, 200);
        }
    }
}
