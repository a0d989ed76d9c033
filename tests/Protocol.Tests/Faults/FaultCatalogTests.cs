using System.Buffers;
using System.Globalization;
using System.Text;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.TestKit.Recorded;

namespace Farwire.Protocol.Tests.Faults;

public sealed class FaultCatalogTests
{
    private static readonly Dictionary<uint, string[]> Transcribed = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "wire", "fault-codes.tsv"))
        .Where(l => l[0] != '#').Select(l => l.Split('\t')).ToDictionary(f => uint.Parse(f[1], CultureInfo.InvariantCulture));

    public static TheoryData<uint> Codes => [.. FaultCatalog.All.Select(e => e.Code)];

    [Fact]
    public void Every_code_has_the_symbol_of_the_header_file()
    {
        Assert.Equal(517, Transcribed.Count);
        Assert.All(Transcribed.Values, row => Assert.Equal(row[2], FaultCodes.Symbol(uint.Parse(row[1], CultureInfo.InvariantCulture))));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    [Trait("Feature", "PRO-09")]
    public void Every_fault_stands_in_SOAP_where_the_documents_put_it(uint code)
    {
        var entry = FaultCatalog.Find(code)!;
        if (!Transcribed.TryGetValue(code, out var row) || row[3].Length == 0)
        {
            // No document says: such a code is told under one of the subcodes that others have.
            Assert.Contains(entry.Subcode, Transcribed.Values.Select(r => r[4]));
            return;
        }

        Assert.Equal(row[3], entry.SoapCode);
        Assert.Equal(row[4], entry.Subcode ?? "");
        Assert.Equal(row[5], entry.FaultDetail?.Replace("http://schemas.dmtf.org/wbem/wsman/1/wsman/", "", StringComparison.Ordinal) ?? "");
        Assert.Equal(
            row[6] switch
            {
                // Windows has wsman here; DSP0227, "Polymorphism", has its own group.
                _ when code == FaultCatalog.PolymorphismModeUnsupported.Code => Actions.CimBindingFault,
                // MS-WSMV lists this one among those of enumeration; WS-Eventing, "Faults", has it under its own action.
                _ when code == FaultCatalog.InvalidExpirationTime.Code => Actions.EventingFault,
                "addressing" => Actions.AddressingFault,
                "transfer" => Actions.TransferFault,
                "enumeration" => Actions.EnumerationFault,
                "eventing" => Actions.EventingFault,
                "cimbinding" => Actions.CimBindingFault,
                _ => Actions.WSManFault,
            },
            entry.Action);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    [Trait("Feature", "PRO-08")]
    public void Every_fault_has_a_sentence_in_English_and_one_in_German(uint code)
    {
        var entry = FaultCatalog.Find(code)!;

        Assert.NotEqual(entry.Text("en-US"), entry.Text("de-DE"));
        Assert.All(new[] { entry.Text("en-US"), entry.Text("de-DE") }, text => Assert.Matches(@"^[A-Z].+\.$", text));
        Assert.Equal("de-DE", entry.ToFault().In("de-CH").Language);
        Assert.Equal("en-US", entry.ToFault().In("ja-JP").Language);
        Assert.Equal("en-US", entry.ToFault().In("deu").Language);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    [Trait("Feature", "PRO-09")]
    public void Every_fault_reads_back_from_the_wire(uint code)
    {
        var fault = FaultCatalog.Find(code)!.ToFault("a<b> & c") with { Machine = "192.0.2.7" };
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, new Reply(new MessageHeaders { Action = fault.Action, MessageId = "uuid:1", RelatesTo = "uuid:2" }, fault));

        using var read = EnvelopeReader.ReadReply(xml.Written);

        Assert.Equal((fault.Code, fault.SoapCode, fault.Subcode, fault.FaultDetail, fault.Action, fault.Message, "192.0.2.7"),
            (read.Fault!.Code, read.Fault.SoapCode, read.Fault.Subcode, read.Fault.FaultDetail, read.Fault.Action, read.Fault.Message, read.Fault.Machine));
        Assert.Contains($"Code=\"{code}\"", Encoding.UTF8.GetString(xml.Written.Span), StringComparison.Ordinal); // unsigned, decimal
    }

    [Fact]
    [Trait("Feature", "QLT-03")]
    public void Windows_told_the_same_faults_in_the_same_way()
    {
        var compared = 0;
        foreach (var message in RecordedMessage.All.Where(m => !m.IsRequest && m.Xml.Contains(":Fault>", StringComparison.Ordinal)))
        {
            var utf8 = MessageBytes.ToUtf8(Encoding.UTF8.GetBytes(message.Xml), null, new ArrayBufferWriter<byte>(), out _);
            using var reply = EnvelopeReader.ReadReply(utf8);
            if (FaultCatalog.Find(reply.Fault!.Code) is { } entry && reply.Fault.Subcode?.StartsWith("wsman:", StringComparison.Ordinal) == false)
            {
                Assert.Equal((message.Source, entry.SoapCode, entry.Subcode), (message.Source, reply.Fault.SoapCode, reply.Fault.Subcode));
                compared++;
            }
        }

        Assert.True(compared > 8, $"{compared} faults were compared");
    }
}
