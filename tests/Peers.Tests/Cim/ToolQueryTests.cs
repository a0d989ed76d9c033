namespace Farwire.Peers.Tests.Cim;

/// <summary>Queries as monitoring and inventory tools send them, word for word.</summary>
public sealed class ToolQueryTests(RunningService service)
{
    [Theory]
    [Trait("Feature", "WMI-10")]
    [InlineData("SELECT * FROM Win32_Volume where DriveLetter=NULL")]
    [InlineData("select Name,Description,NetConnectionID,Speed,AdapterTypeId,NetConnectionStatus,GUID from win32_networkadapter where PhysicalAdapter=True and NetConnectionStatus>0")]
    [InlineData("SELECT * FROM Win32_NetworkAdapter where MACAddress Like \"%:%:%:%:%:%\"")]
    [InlineData("SELECT Name, DriveType, FreeSpace, Size FROM Win32_LogicalDisk WHERE Name != \"_Total\" AND DriveType != 5")]
    [InlineData("SELECT * FROM Win32_Service WHERE Name LIKE 'MSSQL%'")]
    [InlineData("select name,lastmodified from CIM_DataFile where drive=\"/\" AND path=\"/etc/\"")]
    [InlineData("SELECT * FROM Win32_NetworkAdapterConfiguration WHERE DNSDomain IS NOT NULL")]
    [InlineData("SELECT PercentProcessorTime,Timestamp_Sys100NS FROM Win32_PerfRawData_PerfOS_Processor WHERE Name=\"_Total\"")]
    public async Task They_are_answered(string query)
    {
        var rows = await service.QueryAsync(query);

        // What a machine must have, it answers with; the rest may be none.
        Assert.True(rows.Count > 0 || !(query.Contains("LogicalDisk", StringComparison.Ordinal) || query.Contains("PerfOS", StringComparison.Ordinal) || query.Contains("CIM_DataFile", StringComparison.Ordinal)), query);
    }
}
