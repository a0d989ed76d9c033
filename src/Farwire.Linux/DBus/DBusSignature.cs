namespace Farwire.Linux.DBus;

/// <summary>Walks through signatures: which types stand in a message, and how they are aligned.</summary>
/// <remarks>D-Bus Specification, "Type System" and "Marshaling (Wire Format)".</remarks>
internal static class DBusSignature
{
    /// <summary>A signature's length fits into a byte.</summary>
    public const int MaxLength = 255;

    /// <summary>32 levels of arrays and 32 of structures.</summary>
    public const int MaxDepth = 64;

    /// <summary>The length of the first complete type in <paramref name="signature"/>.</summary>
    public static int FirstType(ReadOnlySpan<char> signature, int depth = 0)
    {
        if (signature.IsEmpty || depth > MaxDepth)
        {
            throw Broken(signature);
        }

        switch (signature[0])
        {
            case 'y' or 'b' or 'n' or 'q' or 'i' or 'u' or 'x' or 't' or 'd' or 's' or 'o' or 'g' or 'v' or 'h':
                return 1;
            case 'a':
                return 1 + FirstType(signature[1..], depth + 1);
            case '(' or '{':
                var end = signature[0] == '(' ? ')' : '}';
                var length = 1;
                while (length < signature.Length && signature[length] != end)
                {
                    length += FirstType(signature[length..], depth + 1);
                }

                return length > 1 && length < signature.Length ? length + 1 : throw Broken(signature);
            default:
                throw Broken(signature);
        }
    }

    /// <summary>What the position of a value of this type is a multiple of.</summary>
    public static int Alignment(char type) => type switch
    {
        'y' or 'g' or 'v' => 1,
        'n' or 'q' => 2,
        'x' or 't' or 'd' or '(' or '{' => 8,
        _ => 4,
    };

    private static DBusException Broken(ReadOnlySpan<char> signature) =>
        new(DBusException.InconsistentMessage, $"'{signature}' is not a signature");
}
