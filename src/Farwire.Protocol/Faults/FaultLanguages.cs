namespace Farwire.Protocol.Faults;

/// <summary>The languages in which faults are told.</summary>
internal static class FaultLanguages
{
    public const string English = "en-US";
    public const string German = "de-DE";

    /// <summary>The served language nearest to <paramref name="requested"/>; English when there is none.</summary>
    public static string Choose(string? requested) =>
        requested is not null && IsGerman(requested) ? German : English;

    public static bool IsServed(string? requested) =>
        string.IsNullOrEmpty(requested) || IsGerman(requested) || Is(requested, "en");

    private static bool IsGerman(string requested) => Is(requested, "de");

    private static bool Is(string requested, string language) =>
        requested.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (requested.Length == 2 || requested[2] == '-');
}
