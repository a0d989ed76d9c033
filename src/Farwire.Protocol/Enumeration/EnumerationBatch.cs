using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Enumeration;

/// <summary>A batch as a client reads it: the answer to Enumerate or to Pull.</summary>
/// <param name="Context">The context for the next Pull; null when the answer brought none, and then the one before still holds.</param>
/// <param name="EndOfSequence">Nothing more will come; an empty context says the same.</param>
/// <remarks>WS-Enumeration, "Pull". Items and end are taken from either namespace.</remarks>
public sealed record EnumerationBatch(string? Context, bool EndOfSequence)
{
    /// <summary>Reads the batch; <paramref name="readItem"/> stands at each item and consumes it.</summary>
    public static EnumerationBatch Read(BodyReader body, Action<BodyReader> readItem)
    {
        string? context = null;
        var end = false;
        if (!body.HasElement || body.NamespaceUri != Namespaces.Enumeration)
        {
            body.Enter("PullResponse", Namespaces.Enumeration);
        }
        else
        {
            body.Enter();
        }

        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "EnumerationContext":
                    context = body.ReadText();
                    break;
                case "EndOfSequence":
                    end = true;
                    body.Skip();
                    break;
                case "Items":
                    body.Enter();
                    while (body.NextChild())
                    {
                        readItem(body);
                    }

                    break;
                default:
                    body.Skip();
                    break;
            }
        }

        return new EnumerationBatch(context, end || context?.Length == 0);
    }
}
