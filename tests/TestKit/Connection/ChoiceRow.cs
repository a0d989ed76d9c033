namespace Farwire.TestKit.Connection;

/// <summary>One row of the table of default methods: who asks for what, and the method or the number of the refusal.</summary>
/// <remarks>"Authentication for Remote Connections" of the WinRM documentation; TrustedHosts are a check of their own behind the choice.</remarks>
public sealed record ChoiceRow(bool IsInDomain, string Target, bool IsExplicit, string Scheme, bool IsTrusted, string Outcome)
{
    /// <summary>The table, all 48 rows.</summary>
    public static IReadOnlyList<ChoiceRow> All()
    {
        using var table = new StreamReader(typeof(ChoiceRow).Assembly.GetManifestResourceStream("authentication-choice.tsv")!);
        return [.. table.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split('\t') switch
        {
            [var domain, var target, var credentials, var scheme, var trusted, var outcome] => new ChoiceRow(domain == "yes", target, credentials == "explicit", scheme, trusted == "yes", outcome),
            _ => throw new InvalidDataException(line),
        })];
    }
}
