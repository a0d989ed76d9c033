namespace Farwire.Protocol.Faults;

/// <summary>One row of <see cref="FaultCatalog"/>: how a kind of failure looks on the wire.</summary>
/// <remarks>DSP0226, "Faults"; MS-WSMV, "Common error codes".</remarks>
public sealed class FaultEntry
{
    // A sentence that quotes what the peer sent must not become as long as that.
    private const int MaxParticularLength = 2048;

    private readonly string _english;
    private readonly string _german;

    internal FaultEntry(uint code, string soapCode, string? subcode, string? detail, string english, string german)
    {
        Code = code;
        SoapCode = soapCode;
        Subcode = subcode;
        FaultDetail = detail is null ? null : WSManFault.DetailUri(detail);
        _english = english;
        _german = german;
    }

    /// <summary>The Windows error code.</summary>
    public uint Code { get; }

    /// <summary>The name of <see cref="Code"/> in Windows' headers.</summary>
    public string Symbol => FaultCodes.Symbol(Code) ?? "";

    /// <summary><c>s:Sender</c>, <c>s:Receiver</c>, <c>s:MustUnderstand</c> or <c>s:VersionMismatch</c>.</summary>
    public string SoapCode { get; }

    /// <summary>The kind, with Windows' prefix.</summary>
    public string? Subcode { get; }

    /// <summary>The URI of <c>w:FaultDetail</c>, or null.</summary>
    public string? FaultDetail { get; }

    /// <summary>The action URI of a message that carries this fault.</summary>
    public string Action => Subcode switch
    {
        null => Names.Actions.AddressingFault,
        ['a', ':', ..] => Names.Actions.AddressingFault,
        ['x', ':', ..] => Names.Actions.TransferFault,
        ['n', ':', ..] => Names.Actions.EnumerationFault,
        ['e', ':', ..] => Names.Actions.EventingFault,
        ['b', ':', ..] => Names.Actions.CimBindingFault,
        _ => Names.Actions.WSManFault,
    };

    /// <summary>The sentence for people, in the language nearest to <paramref name="language"/>.</summary>
    public string Text(string? language) => FaultLanguages.Choose(language) == FaultLanguages.German ? _german : _english;

    /// <summary>Makes an exception that carries this fault.</summary>
    /// <param name="particular">What is particular about the case: a sentence a stranger can act on.</param>
    public WSManFaultException Fault(string? particular = null) => new(ToFault(particular));

    /// <summary>Makes this fault.</summary>
    /// <param name="particular">What is particular about the case.</param>
    public WSManFault ToFault(string? particular = null) => new()
    {
        SoapCode = SoapCode,
        Subcode = Subcode,
        Action = Action,
        FaultDetail = FaultDetail,
        Code = Code,
        Reason = _english,
        Particular = particular is null ? null : Sentence(particular.Length > MaxParticularLength ? particular[..MaxParticularLength] + "\u2026" : particular),
        Language = FaultLanguages.English,
        Entry = this,
    };

    // It follows the entry's own sentence. Names, such as w:Selector or node1:, stay as they are.
    private static string Sentence(string text)
    {
        var word = text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank ? blank : text.Length);
        return word.Length > 0 && !word.ContainsAnyExceptInRange('a', 'z') ? char.ToUpperInvariant(text[0]) + text[1..] : text;
    }
}
