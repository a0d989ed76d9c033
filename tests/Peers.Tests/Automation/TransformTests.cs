using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Xsl;
using Farwire.Protocol.Names;

namespace Farwire.Peers.Tests.Automation;

/// <summary>WsmTxt.xsl and WsmPty.xsl beside the program: a script that transforms an answer with them shows what the command shows.</summary>
public sealed partial class TransformTests
{
    private const string Corners = """
        <a xmlns="urn:a" xmlns:c="http://schemas.dmtf.org/wbem/wscim/1/common" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <Empty/><Blank> </Blank><Nil xsi:nil="true"/><NilOne xsi:nil=" 1 "/><NotNil xsi:nil="false"/><c:Location>x</c:Location><T>1</T><c:Location/><T>2</T><T xsi:nil="true"/><T/><One>1</One>
        <x:T xmlns:x="urn:x">other</x:T><T>3</T><M>1</M><M><N>2</N></M><M>3</M><M>4</M><M><N>5</N></M><M>6</M><P Source="GPO">true</P><Q Source="GPO"/><R Source="GPO">1</R><R>2</R>
        <w:SelectorSet><w:Selector Name="A">1</w:Selector><w:Selector Name="B">&lt;2&gt; &amp; "3"</w:Selector></w:SelectorSet><SelectorSet/><Lines>one
        two</Lines><Long><Deep><Deeper>ü 𝄞</Deeper></Deep></Long></a>
        """;

    private static string Folder => Path.GetDirectoryName(RunningService.Program("farwire"))!;

    [Theory]
    [InlineData("WsmTxt.xsl", "text")]
    [InlineData("WsmPty.xsl", "pretty")]
    [Trait("Feature", "API-10")]
    public async Task Every_recorded_answer_looks_as_the_command_shows_it(string file, string format)
    {
        var answers = Answers().ToList();
        Assert.True(answers.Count > 50, $"{answers.Count} answers");

        var shown = await ShowAsync(answers, format);

        var transform = new XslCompiledTransform();
        transform.Load(Path.Combine(Folder, file));
        var transformed = answers.Select(answer => Transform(transform, answer)).ToList();
        Assert.Equal(format == "text" ? shown : Plain(string.Join('\n', shown.Split('\n')[1..^2]) + "\n"), Plain(string.Concat(transformed)));

        // Where a namespace is declared once more, and how an empty element is written, is the processor's matter.
        string Plain(string all) => format == "text" ? all : Empty().Replace(Declarations().Replace(all, ""), " />");
    }

    [Fact]
    [Trait("Feature", "API-10")]
    [Trait("Peer", "xsltproc")]
    public async Task Other_processors_make_the_same_of_it()
    {
        Commands.Need("/usr/bin/xsltproc");
        var answers = Answers().ToList();
        var shown = new StringBuilder();
        foreach (var answer in answers)
        {
            var outcome = await Commands.RunAsync("/usr/bin/xsltproc", [Path.Combine(Folder, "WsmTxt.xsl"), "-"], Encoding.UTF8.GetBytes(answer));
            Assert.Equal(0, outcome.ExitCode);
            shown.Append(outcome.Output);
        }

        Assert.Equal(await ShowAsync(answers, "text"), shown.ToString());
    }

    [GeneratedRegex(" xmlns(:[A-Za-z0-9]+)?=\"[^\"]*\"")]
    private static partial Regex Declarations();

    [GeneratedRegex("></[^>]+>")]
    private static partial Regex Empty();

    // All of them as the items of one enumeration, so that one command shows them.
    private static async Task<string> ShowAsync(IEnumerable<string> answers, string format)
    {
        var items = $"<n:EnumerateResponse xmlns:n=\"{Namespaces.Enumeration}\" xmlns:w=\"{Namespaces.WSMan}\"><n:EnumerationContext/><w:Items>{string.Concat(answers)}</w:Items><w:EndOfSequence/></n:EnumerateResponse>";
        using var peer = new RecordingPeer(_ => items);
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"), ["winrm", "enumerate", "urn:answers", "-format:" + format, $"-r:http://127.0.0.1:{peer.Port}", "-un"]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome.Output;
    }

    private static string Transform(XslCompiledTransform transform, string answer)
    {
        using var text = new StringWriter();
        using var xml = XmlWriter.Create(text, transform.OutputSettings);
        transform.Transform(XmlReader.Create(new StringReader(answer)), xml);
        return text.ToString();
    }

    // What stands in the body of each recorded envelope, what it is made of where that is a list, and the corners that no recording has.
    private static IEnumerable<string> Answers()
    {
        yield return Corners;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "recorded"), "*.xml", SearchOption.AllDirectories).Order())
        {
            XElement envelope;
            try
            {
                envelope = XElement.Load(file);
            }
            catch (XmlException)
            {
                continue; // recordings of broken messages are there too
            }

            foreach (var answer in envelope.Elements(XName.Get("Body", Namespaces.Soap)).Elements())
            {
                yield return answer.ToString(SaveOptions.DisableFormatting);
            }
        }
    }
}
