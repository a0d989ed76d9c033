using System.Xml;
using System.Xml.Linq;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Explain;

/// <summary>The codes in a fault that somebody saved: the XML of an envelope, or of a WSManFault alone.</summary>
internal static class FaultReport
{
    private const int MaxCharacters = 4 * 1024 * 1024;

    /// <summary>The codes, the innermost first: what the part behind the resource said is the nearest to the cause.</summary>
    /// <exception cref="UsageException">There is none in it.</exception>
    public static IReadOnlyList<uint> CodesIn(TextReader input)
    {
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters };
            using var reader = XmlReader.Create(input, settings);
            var fault = XElement.Load(reader);

            // f:WSManFault Code="…"; WMI's own errors have error_Code or Code as an element.
            List<uint> codes =
            [
                .. fault.DescendantsAndSelf().Where(e => e.Name.LocalName is "WSManFault").Select(e => e.Attribute("Code")?.Value).OfType<string>().Where(IsNumber).Select(Number),
                .. fault.DescendantsAndSelf().Where(e => e.Name.LocalName is "error_Code" or "ErrorCode" or "StatusCode" && !e.HasElements).Select(e => e.Value.Trim()).Where(IsNumber).Select(Number),
            ];
            codes.Reverse();
            return codes.Count > 0 ? [.. codes.Distinct()] : throw new UsageException("there is no WSManFault with a Code in it.");
        }
        catch (XmlException e)
        {
            throw new UsageException($"standard input is not the XML of a fault: {e.Message}");
        }
    }

    private static bool IsNumber(string text) => ErrorNumber.TryParse(text, out _);

    private static uint Number(string text) => ErrorNumber.TryParse(text, out var code) ? code : 0;
}
