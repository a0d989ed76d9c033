using System.Formats.Asn1;

namespace Farwire.Security;

/// <summary>The numbered fields, most of them optional, that SPNEGO and CredSSP are written in: <c>[n] EXPLICIT value</c>.</summary>
/// <remarks>X.680, "Tagged types".</remarks>
internal static class TaggedFields
{
    /// <summary>The tag of field <paramref name="number"/>.</summary>
    public static Asn1Tag Tag(int number) => new(TagClass.ContextSpecific, number, isConstructed: true);

    /// <summary>Takes the next field, whatever its number.</summary>
    /// <exception cref="AsnContentException">What comes next is no such field.</exception>
    public static AsnReader Next(AsnReader fields, out int number)
    {
        var tag = fields.PeekTag();
        number = tag.TagValue;
        return tag is { TagClass: TagClass.ContextSpecific, IsConstructed: true } ? fields.ReadSequence(tag) : throw new AsnContentException("A numbered field was due.");
    }

    /// <summary>Writes a field of bytes; nothing when there are none.</summary>
    public static void WriteOctets(AsnWriter writer, int number, byte[]? octets)
    {
        if (octets is not null)
        {
            using (writer.PushSequence(Tag(number)))
            {
                writer.WriteOctetString(octets);
            }
        }
    }
}
