namespace Farwire.CommandLine.Run;

/// <summary>The four states of monitoring plug-ins.</summary>
/// <remarks>Monitoring Plugins Development Guidelines, "Plugin Return Codes".</remarks>
internal static class NagiosCode
{
    public const int Unknown = 3;

    /// <summary>The state of a code: what is none of the four is unknown.</summary>
    public static int Of(int code) => code is >= 0 and < Unknown ? code : Unknown;

    /// <summary>The worse of two states: critical, warning, unknown, ok.</summary>
    public static int Worse(int one, int other) => Weight(one) >= Weight(other) ? one : other;

    private static int Weight(int state) => state switch { 2 => 3, 1 => 2, Unknown => 1, _ => 0 };
}
