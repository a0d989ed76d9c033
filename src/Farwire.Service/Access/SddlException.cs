namespace Farwire.Service.Access;

/// <summary>A text is not a security descriptor; the message says where and why.</summary>
public sealed class SddlException : FormatException
{
    /// <summary>Says what is wrong.</summary>
    public SddlException(string message)
        : base(message)
    {
    }
}
