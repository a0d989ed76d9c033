namespace Farwire.Security.Ntlm;

/// <summary>What both sides of NTLM can do.</summary>
/// <remarks>MS-NLMP, "NEGOTIATE".</remarks>
[Flags]
internal enum NtlmFlags : uint
{
    None = 0,
    Unicode = 0x1,
    Oem = 0x2,
    RequestTarget = 0x4,
    Sign = 0x10,
    Seal = 0x20,
    Ntlm = 0x200,
    Anonymous = 0x800,
    AlwaysSign = 0x8000,
    TargetTypeServer = 0x20000,
    ExtendedSessionSecurity = 0x80000,
    TargetInfo = 0x800000,
    Version = 0x2000000,
    Key128 = 0x20000000,
    KeyExchange = 0x40000000,
    Key56 = 0x80000000,
}
