namespace Farwire.Providers.Tests;

/// <summary>Classes whose sources the machine of the tests need not have: the files are given.</summary>
public sealed class FakeTreeTests : IDisposable
{
    private readonly FakeTree _tree = new();

    [Fact]
    public async Task Firmware_tables_tell_what_the_computer_is()
    {
        foreach (var (file, text) in new[]
        {
            ("sys_vendor", "ACME"), ("product_name", "Rocket 9"), ("product_serial", "SN42"), ("product_uuid", "4c4c4544-0042-3510-8051-b4c04f4e4d32"), ("product_version", "2"),
            ("bios_vendor", "Phoenix"), ("bios_version", "1.2.3"), ("bios_release", "5.7"), ("bios_date", "03/15/2021"),
            ("board_vendor", "ACME Boards"), ("board_name", "B1"), ("board_serial", "BS1"), ("chassis_type", "23"), ("chassis_asset_tag", "A-7"),
        })
        {
            _tree.With("sys/class/dmi/id/" + file, text + "\n");
        }

        var product = await _tree.OneAsync("Win32_ComputerSystemProduct");
        var bios = await _tree.OneAsync("Win32_BIOS");
        var board = await _tree.OneAsync("Win32_BaseBoard");
        var box = await _tree.OneAsync("Win32_SystemEnclosure");
        var computer = await _tree.OneAsync("Win32_ComputerSystem");

        Assert.Equal(("ACME", "Rocket 9", "SN42", "4C4C4544-0042-3510-8051-B4C04F4E4D32"), (product["Vendor"].AsString(), product["Name"].AsString(), product["IdentifyingNumber"].AsString(), product["UUID"].AsString()));
        Assert.Equal(("Phoenix", "1.2.3", "SN42", 5ul), (bios["Manufacturer"].AsString(), bios["SMBIOSBIOSVersion"].AsString(), bios["SerialNumber"].AsString(), bios["SystemBiosMajorVersion"].AsUInt64()));
        Assert.Equal(new DateTime(2021, 3, 15), bios["ReleaseDate"].AsDateTime().Time.Date);
        Assert.Equal(("ACME Boards", "B1", "BS1"), (board["Manufacturer"].AsString(), board["Product"].AsString(), board["SerialNumber"].AsString()));
        Assert.Equal((23ul, "A-7"), (box["ChassisTypes"].AsArray()[0].AsUInt64(), box["SMBIOSAssetTag"].AsString()));
        Assert.Equal(("ACME", "Rocket 9", 4ul), (computer["Manufacturer"].AsString(), computer["Model"].AsString(), computer["PCSystemType"].AsUInt64()));
    }

    [Fact]
    public async Task Without_firmware_tables_there_is_one_instance_with_empty_texts()
    {
        _tree.With("etc/machine-id", "3d1219c7c4c5404aaa1f6d2a48adfda4\n");

        var product = await _tree.OneAsync("Win32_ComputerSystemProduct");

        Assert.Equal(("", "3D1219C7-C4C5-404A-AA1F-6D2A48ADFDA4"), (product["Name"].AsString(), product["UUID"].AsString()));
        Assert.Equal("", (await _tree.OneAsync("Win32_BIOS"))["SerialNumber"].AsString());
    }

    [Fact]
    public async Task Keyboards_pointers_and_serial_ports_are_those_that_the_kernel_has_hardware_for()
    {
        _tree.With(
            "proc/bus/input/devices",
            "I: Bus=0019 Vendor=0000\nN: Name=\"Power Button\"\nS: Sysfs=/devices/power/input/input0\nH: Handlers=kbd event0\nB: EV=3\n\n"
            + "I: Bus=0011 Vendor=0001\nN: Name=\"AT keyboard\"\nS: Sysfs=/devices/kbd/input/input1\nH: Handlers=sysrq kbd event1 leds\nB: EV=120013\n\n"
            + "I: Bus=0003 Vendor=046d\nN: Name=\"Wheel Mouse\"\nS: Sysfs=/devices/usb/input/input2\nH: Handlers=mouse0 event2\nB: EV=17\n\n")
            .With("sys/class/tty/ttyS0/type", "4\n").With("sys/class/tty/ttyS1/type", "0\n").With("sys/class/tty/ttyUSB0/dev", "188:0\n").With("sys/class/tty/tty1/dev", "4:1\n");

        Assert.Equal(("AT keyboard", "/devices/kbd/input/input1"), ((await _tree.OneAsync("Win32_Keyboard"))["Name"].AsString(), (await _tree.OneAsync("Win32_Keyboard"))["DeviceID"].AsString()));
        Assert.Equal("Wheel Mouse", (await _tree.OneAsync("Win32_PointingDevice"))["Name"].AsString());
        Assert.Equal(["/dev/ttyS0", "/dev/ttyUSB0"], (await _tree.ListAsync("Win32_SerialPort")).Select(p => p["DeviceID"].AsString()));
    }

    [Fact]
    public async Task Shares_are_read_from_Samba_and_exports()
    {
        _tree.With("etc/samba/smb.conf", "[global]\n security = user\n[homes]\n comment = none\n[Public]\n  path = /srv/public\n comment = For all\n# [x]\n[Photos]\npath=/srv/photos\n")
            .With("etc/exports", "# none\n/srv/nfs\\040share 10.0.0.0/8(ro)\n");

        var shares = await _tree.ListAsync("Win32_Share");

        Assert.Equal([("Public", "/srv/public"), ("Photos", "/srv/photos"), ("/srv/nfs share", "/srv/nfs share")], shares.Select(s => (s["Name"].AsString(), s["Path"].AsString())));
        Assert.Equal("For all", shares[0]["Description"].AsString());
    }

    [Fact]
    public async Task Sessions_are_read_from_logind_and_without_it_from_utmp()
    {
        var record = new byte[384];
        record[0] = 7;
        "pts/3"u8.CopyTo(record.AsSpan(8));
        "bob"u8.CopyTo(record.AsSpan(44));
        "10.0.0.9"u8.CopyTo(record.AsSpan(76));
        BitConverter.TryWriteBytes(record.AsSpan(340), 1_700_000_000u);
        _tree.With("run/utmp", [.. new byte[384], .. record]);
        var old = await _tree.OneAsync("Win32_LogonSession");
        _tree.With("run/systemd/sessions/4", "USER=ann\nCLASS=user\nSTATE=active\nREMOTE=0\nSEAT=seat0\nSERVICE=gdm-password\nREALTIME=1700000000000000\n")
            .With("run/systemd/sessions/c1", "USER=gdm\nCLASS=greeter\nSTATE=online\n");
        var now = await _tree.OneAsync("Win32_LogonSession");

        Assert.Equal(("bob", 10ul, "pts/3", 1_700_000_000L), (old["Caption"].AsString(), old["LogonType"].AsUInt64(), old["LogonId"].AsString(), old["StartTime"].AsDateTime().Time.ToUnixTimeSeconds()));
        Assert.Equal(("ann", 2ul, "4", 1_700_000_000L), (now["Caption"].AsString(), now["LogonType"].AsUInt64(), now["LogonId"].AsString(), now["StartTime"].AsDateTime().Time.ToUnixTimeSeconds()));
        Assert.Equal("ann", (await _tree.OneAsync("Win32_ComputerSystem"))["UserName"].AsString());
        Assert.Equal(1ul, (await _tree.OneAsync("Win32_OperatingSystem"))["NumberOfUsers"].AsUInt64());
        Assert.EndsWith("Name=ann", string.Join('&', (await _tree.OneAsync("Win32_LoggedOnUser"))["Antecedent"].AsReference().Selectors.Select(s => $"{s.Name}={s.Value}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_belongs_to_the_session_of_its_control_group_and_without_logind_to_that_of_its_terminal()
    {
        var record = new byte[384];
        record[0] = 7;
        "pts/300"u8.CopyTo(record.AsSpan(8));
        const string stat = " (sh) S 1 7 7 {0} 7 4194304 1 0 0 0 1 1 0 0 20 0 1 0 5 4096 1 18446744073709551615\n";
        var terminal = (137 << 8) | 44; // pts/300
        _tree.With("run/utmp", record).With("proc/7/stat", "7" + string.Format(System.Globalization.CultureInfo.InvariantCulture, stat, terminal)).With("proc/8/stat", "8" + string.Format(System.Globalization.CultureInfo.InvariantCulture, stat, 0))
            .With("proc/7/cgroup", "0::/user.slice/user-0.slice/user@0.service\n").With("proc/8/cgroup", "0::/user.slice/user-1000.slice/session-4.scope\n");
        var old = Assert.Single(await _tree.ListAsync("Win32_SessionProcess"));
        _tree.With("run/systemd/sessions/4", "USER=ann\nCLASS=user\nSTATE=active\n");
        var now = Assert.Single(await _tree.ListAsync("Win32_SessionProcess"));

        Assert.Equal(("Win32_LogonSession.LogonId=\"pts/300\"", "Win32_Process.Handle=\"7\""), Ends(old, "Antecedent", "Dependent"));
        Assert.Equal(("Win32_LogonSession.LogonId=\"4\"", "Win32_Process.Handle=\"8\""), Ends(now, "Antecedent", "Dependent"));
    }

    [Fact]
    public async Task Caches_belong_to_the_sockets_whose_processors_use_them()
    {
        for (var cpu = 0; cpu < 2; cpu++)
        {
            _tree.With($"sys/devices/system/cpu/cpu{cpu}/cache/index0/level", "1\n").With($"sys/devices/system/cpu/cpu{cpu}/cache/index0/type", "Data\n").With($"sys/devices/system/cpu/cpu{cpu}/cache/index0/shared_cpu_list", $"{cpu}\n");
        }

        _tree.With("proc/cpuinfo", "processor\t: 0\nphysical id\t: 0\n\nprocessor\t: 1\nphysical id\t: 1\n\n")
            .With("sys/devices/system/cpu/cpu0/topology/physical_package_id", "0\n").With("sys/devices/system/cpu/cpu1/topology/physical_package_id", "1\n");

        Assert.Equal(
            [("Win32_CacheMemory.DeviceID=\"Cache Memory 0\"", "Win32_Processor.DeviceID=\"CPU0\""), ("Win32_CacheMemory.DeviceID=\"Cache Memory 1\"", "Win32_Processor.DeviceID=\"CPU1\"")],
            (await _tree.ListAsync("Win32_AssociatedProcessorMemory")).Select(pair => Ends(pair, "Antecedent", "Dependent")));
    }

    private static (string, string) Ends(Farwire.Cim.Instances.CimInstance association, string left, string right) =>
        (association[left].ToString(), association[right].ToString());

    [Fact]
    public async Task What_shadow_says_of_an_account_shows()
    {
        _tree.With("etc/passwd", "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000:Ann Example,,,:/home/ann:/bin/bash\nbin:x:2:2::/bin:/usr/sbin/nologin\nold:x:1001:1000::/home/old:/usr/sbin/nologin\n")
            .With("etc/shadow", "ann:!$y$j9T$x:19000:0:90:7:::\nold:$y$x:19000:0:99999:7::19001:\n");

        var accounts = (await _tree.ListAsync("Win32_UserAccount")).ToDictionary(a => a["Name"].AsString());

        Assert.Equal(["ann", "old", "root"], accounts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("Ann Example", true, true, false), (accounts["ann"]["FullName"].AsString(), accounts["ann"]["Lockout"].AsBoolean(), accounts["ann"]["PasswordExpires"].AsBoolean(), accounts["ann"]["Disabled"].AsBoolean()));
        Assert.True(accounts["old"]["Disabled"].AsBoolean());
        Assert.True(accounts["root"]["Lockout"].IsNull);
        Assert.Equal("bin", (await _tree.OneAsync("Win32_SystemAccount"))["Name"].AsString());
    }

    [Fact]
    public async Task Swap_and_quotas_are_read_from_the_kernels_tables()
    {
        _tree.With("proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/sda2                               partition\t2097148\t\t1048576\t\t-2\n/swap\\040file file 1024 0 -3\n")
            .With("etc/fstab", "/dev/sda2 none swap sw 0 0\n# /x none swap sw 0 0\n")
            .With("proc/self/mountinfo", "20 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw,usrquota\n21 1 8:3 / /tmp rw - ext4 /dev/sda3 rw\n22 1 0:9 / /proc rw - proc proc rw\n");

        var swaps = await _tree.ListAsync("Win32_PageFileUsage");
        var setting = await _tree.OneAsync("Win32_PageFileSetting");
        var quotas = await _tree.ListAsync("Win32_QuotaSetting");

        Assert.Equal([("/dev/sda2", 2047ul, 1024ul), ("/swap file", 1ul, 0ul)], swaps.Select(s => (s["Name"].AsString(), s["AllocatedBaseSize"].AsUInt64(), s["CurrentUsage"].AsUInt64())));
        Assert.Equal(("/dev/sda2", 2047ul), (setting["Name"].AsString(), setting["MaximumSize"].AsUInt64()));
        Assert.Equal([("/", 2ul), ("/tmp", 0ul)], quotas.Select(q => (q["VolumePath"].AsString(), q["State"].AsUInt64())));
    }

    [Fact]
    public async Task A_disk_is_described_by_sysfs_and_udev()
    {
        _tree.With("sys/block/sda/dev", "8:0\n").With("sys/block/sda/size", "2048\n").With("sys/block/sda/device/model", "Old Model\n").With("sys/block/sda/queue/logical_block_size", "512\n")
            .With("sys/block/sda/removable", "0\n").With("sys/block/sda/sda1/partition", "1\n").With("sys/block/sda/sda1/dev", "8:1\n").With("sys/block/sda/sda1/size", "1000\n").With("sys/block/sda/sda1/start", "8\n")
            .With("run/udev/data/b8:0", "S:disk/by-id/x\nE:ID_MODEL=Fast_Disk\nE:ID_SERIAL_SHORT=S1\nE:ID_BUS=ata\nE:ID_REVISION=F2\nE:ID_PART_TABLE_TYPE=gpt\n")
            .With("run/udev/data/b8:1", "E:ID_FS_UUID=abcd1234-0000-0000-0000-000000000000\nE:ID_FS_TYPE=ext4\nE:ID_FS_LABEL=data\nE:ID_PART_ENTRY_TYPE=c12a7328-f81f-11d2-ba4b-00a0c93ec93b\n");

        var disk = await _tree.OneAsync("Win32_DiskDrive");
        var partition = await _tree.OneAsync("Win32_DiskPartition");
        var volume = await _tree.OneAsync("Win32_Volume");

        Assert.Equal(("/dev/sda", "Fast Disk", "S1", "IDE", "F2", 1024ul * 1024, 1ul), (disk["DeviceID"].AsString(), disk["Model"].AsString(), disk["SerialNumber"].AsString(), disk["InterfaceType"].AsString(), disk["FirmwareRevision"].AsString(), disk["Size"].AsUInt64(), disk["Partitions"].AsUInt64()));
        Assert.Equal(("/dev/sda1", 4096ul, 512_000ul, "GPT: System", true), (partition["DeviceID"].AsString(), partition["StartingOffset"].AsUInt64(), partition["Size"].AsUInt64(), partition["Type"].AsString(), partition["Bootable"].AsBoolean()));
        Assert.Equal(("/dev/disk/by-uuid/abcd1234-0000-0000-0000-000000000000", "data", 0xabcd1234ul), (volume["DeviceID"].AsString(), volume["Label"].AsString(), volume["SerialNumber"].AsUInt64()));
        Assert.True(volume["DriveLetter"].IsNull);
    }

    [Fact]
    public async Task Packages_are_read_again_when_dpkg_changed_its_list()
    {
        const string Old = "Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1\nDescription: first\n more\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n";
        _tree.With("var/lib/dpkg/status", Old);
        var catalog = CimProviders.Linux(_tree.Paths);
        var products = catalog.Namespaces.Single(n => n.Name == "root/cimv2").Providers.Single(p => p.Class.Name == "Win32_Product");
        var before = await products.EnumerateAsync(Contract.CimNeed.All, default).ToListAsync();
        _tree.With("var/lib/dpkg/status", Old + "Package: b\nStatus: install ok installed\nArchitecture: all\nVersion: 2\n");
        var after = await products.EnumerateAsync(Contract.CimNeed.All, default).ToListAsync();

        Assert.Equal(["a"], before.Select(p => p["Name"].AsString()));
        Assert.Equal(["a", "b"], after.Select(p => p["Name"].AsString()));
        Assert.Equal(before[0]["IdentifyingNumber"], after[0]["IdentifyingNumber"]);
    }

    [Fact]
    public async Task Modules_of_memory_are_read_from_the_firmwares_table()
    {
        var array = new byte[0x17];
        (array[0], array[1], array[2], array[5], array[6]) = (16, 0x17, 0x2A, 3, 6);
        BitConverter.TryWriteBytes(array.AsSpan(0x07), 64u * 1024 * 1024);
        BitConverter.TryWriteBytes(array.AsSpan(0x0D), (ushort)2);
        var module = new byte[0x28];
        (module[0], module[1], module[0x0E], module[0x10], module[0x11], module[0x12], module[0x17], module[0x18], module[0x1A]) = (17, 0x28, 9, 1, 2, 26, 3, 4, 5);
        module[0x04] = array[2]; // sits in that array
        BitConverter.TryWriteBytes(module.AsSpan(0x0C), (ushort)0x7FFF);
        BitConverter.TryWriteBytes(module.AsSpan(0x1C), 32u * 1024);
        BitConverter.TryWriteBytes(module.AsSpan(0x15), (ushort)3200);
        var empty = new byte[0x28];
        (empty[0], empty[1]) = (17, 0x28);
        _tree.With("sys/firmware/dmi/tables/DMI", [.. array, 0, 0, .. module, .. "DIMM A1\0BANK 0\0Kingston\0S9\0KVR32\0\0"u8, .. empty, 0, 0, 127, 4, 0, 0, 0, 0]);

        var memory = await _tree.OneAsync("Win32_PhysicalMemory");
        var places = await _tree.OneAsync("Win32_PhysicalMemoryArray");

        Assert.Equal(
            (32ul << 30, "DIMM A1", "BANK 0", "Kingston", "S9", "KVR32", 3200ul, 8ul),
            (memory["Capacity"].AsUInt64(), memory["DeviceLocator"].AsString(), memory["BankLabel"].AsString(), memory["Manufacturer"].AsString(), memory["SerialNumber"].AsString(), memory["PartNumber"].AsString(), memory["Speed"].AsUInt64(), memory["FormFactor"].AsUInt64()));
        Assert.Equal(
            ("Win32_PhysicalMemoryArray.Tag=\"Physical Memory Array 0\"", "Win32_PhysicalMemory.Tag=\"Physical Memory 0\""),
            Ends(Assert.Single(await _tree.ListAsync("Win32_PhysicalMemoryLocation")), "GroupComponent", "PartComponent"));
        Assert.Equal((64ul * 1024 * 1024, 2ul), (places["MaxCapacityEx"].AsUInt64(), places["MemoryDevices"].AsUInt64()));
    }

    [Fact]
    public async Task Devices_sensors_and_batteries_are_read_from_sysfs()
    {
        _tree.With("sys/bus/pci/devices/0000:00:02.0/vendor", "0x8086\n").With("sys/bus/pci/devices/0000:00:02.0/device", "0x9999\n").With("sys/bus/pci/devices/0000:00:02.0/class", "0x030000\n")
            .With("sys/bus/usb/devices/1-4/idVendor", "046d\n").With("sys/bus/usb/devices/1-4/idProduct", "c31c\n").With("sys/bus/usb/devices/1-4/product", "USB Keyboard\n").With("sys/bus/usb/devices/1-4:1.0/x", "")
            .With("sys/class/hwmon/hwmon0/name", "coretemp\n").With("sys/class/hwmon/hwmon0/temp1_input", "45500\n").With("sys/class/hwmon/hwmon0/temp1_crit", "100000\n").With("sys/class/hwmon/hwmon0/in1_input", "12060\n")
            .With("sys/class/hwmon/hwmon0/fan1_input", "300\n").With("sys/class/hwmon/hwmon0/fan1_min", "500\n")
            .With("sys/class/power_supply/BAT0/type", "Battery\n").With("sys/class/power_supply/BAT0/capacity", "77\n").With("sys/class/power_supply/BAT0/status", "Discharging\n").With("sys/class/power_supply/AC/type", "Mains\n");

        var devices = await _tree.ListAsync("Win32_PnPEntity");
        var temperature = await _tree.OneAsync("Win32_TemperatureProbe");

        Assert.Equal(["PCI\\VEN_8086&DEV_9999\\0000:00:02.0", "USB\\VEN_046D&DEV_C31C\\1-4"], devices.Select(d => d["DeviceID"].AsString()));
        Assert.Equal("USB Keyboard", devices[1]["Name"].AsString());
        Assert.Equal(devices[0]["DeviceID"], (await _tree.OneAsync("Win32_VideoController"))["DeviceID"]);
        var function = Ends(Assert.Single(await _tree.ListAsync("Win32_PnPDevice")), "SameElement", "SystemElement");
        Assert.StartsWith("Win32_VideoController.", function.Item1, StringComparison.Ordinal);
        Assert.StartsWith("Win32_PnPEntity.DeviceID=\"PCI", function.Item2, StringComparison.Ordinal);
        Assert.Equal((455L, 1000L, "coretemp temp1"), (temperature["CurrentReading"].AsInt64(), temperature["UpperThresholdCritical"].AsInt64(), temperature["Name"].AsString()));
        Assert.Equal(12060L, (await _tree.OneAsync("Win32_VoltageProbe"))["CurrentReading"].AsInt64());
        Assert.Equal("Degraded", (await _tree.OneAsync("Win32_Fan"))["Status"].AsString());
        var battery = await _tree.OneAsync("Win32_Battery");
        Assert.Equal((77ul, 1ul), (battery["EstimatedChargeRemaining"].AsUInt64(), battery["BatteryStatus"].AsUInt64()));
    }

    [Fact]
    public async Task An_array_of_disks_tells_what_is_wrong_with_it()
    {
        const string md = "sys/block/md0/md/";
        _tree.With("sys/block/md0/size", "2097152\n").With(md + "level", "raid1\n").With(md + "array_state", "clean\n").With(md + "raid_disks", "2\n").With(md + "degraded", "1\n")
            .With(md + "sync_action", "recover\n").With(md + "sync_completed", "524288 / 1048576\n").With(md + "mismatch_cnt", "0\n")
            .With(md + "dev-sda1/state", "in_sync\n").With(md + "dev-sdb1/state", "faulty\n").With("sys/block/sda/size", "1\n");

        var array = Assert.Single(await _tree.ListAsync("Linux_MDRaid", "root/linux"));

        Assert.Equal(
            ("md0", "raid1", "clean", 1ul << 30, 2ul, 1ul, "recover", 50.0, "sda1 sdb1", "sdb1"),
            (array["Name"].AsString(), array["Level"].AsString(), array["State"].AsString(), array["Size"].AsUInt64(), array["Disks"].AsUInt64(), array["Degraded"].AsUInt64(), array["SyncAction"].AsString(),
                array["SyncPercent"].AsDouble(), string.Join(' ', array["Members"].AsArray().Select(m => m.ToString())), string.Join(' ', array["Faulty"].AsArray().Select(m => m.ToString()))));
    }

    [Fact]
    public async Task A_machine_of_a_domain_says_so()
    {
        _tree.With("etc/sssd/sssd.conf", "[sssd]\ndomains = corp.example\n[domain/corp.example]\nid_provider = ad\n");

        var computer = await _tree.OneAsync("Win32_ComputerSystem");

        Assert.Equal(("corp.example", true, 3ul), (computer["Domain"].AsString(), computer["PartOfDomain"].AsBoolean(), computer["DomainRole"].AsUInt64()));
    }

    public void Dispose() => _tree.Dispose();
}
