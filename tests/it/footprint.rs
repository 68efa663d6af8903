//! The memory contract: constants of a network's type are the sizes of the sections that the linker makes of it.

use nn_host::device::{Board, build_program};
use nn_tests::workspace;
use object::read::elf::ElfFile32;
use object::{Object, ObjectSection, ObjectSymbol};

/// Kinds of sections, in the order of the constants.
const KINDS: [&str; 3] = ["flash", "inference", "training"];

/// What the constants say: bytes of flash, of RAM for inference and for training, a row a network.
fn constants(elf: &ElfFile32<'_>) -> Vec<[u64; 3]> {
    let symbol = elf.symbol_by_name("NN_FOOTPRINTS").unwrap();
    let section = elf.section_by_index(symbol.section_index().unwrap()).unwrap();
    let bytes = section.data_range(symbol.address(), symbol.size()).unwrap().unwrap();
    let words: Vec<u64> = bytes.as_chunks::<4>().0.iter().map(|&word| u32::from_le_bytes(word).into()).collect();
    words.as_chunks().0.to_vec()
}

/// The size of a network's section; one that is not there has none.
fn section(elf: &ElfFile32<'_>, kind: &str, network: usize) -> u64 {
    elf.section_by_name(&format!(".nn.{kind}.{network:02}")).map_or(0, |section| section.size())
}

#[test]
fn constants_are_the_sizes_of_sections() {
    let board = Board::find("mps2-an386", workspace()).unwrap();
    let image = build_program(&board, "footprint").unwrap();
    let bytes = std::fs::read(image.path).unwrap();
    let elf = ElfFile32::parse(&*bytes).unwrap();
    let constants = constants(&elf);
    assert!(constants.len() >= 20, "{}", constants.len());
    for (network, constants) in constants.iter().enumerate() {
        let sections = KINDS.map(|kind| section(&elf, kind, network));
        assert_eq!(*constants, sections, "network {network}: {KINDS:?}");
        assert!(constants[1] > 0 && constants[2] > 0, "network {network} has a size");
    }
    // By hand for 784-30-10 with RMSprop, which remembers three numbers a weight: activations and errors of both layers,
    // and two counters.
    let weights = 4 * (784 * 30 + 30 + 30 * 10 + 10);
    assert_eq!(constants[3], [0, weights + 4 * (784 + 30 + 10), 4 * weights + 4 * 2 * (30 + 10) + 8]);
    let frozen = constants.iter().filter(|constants| constants[0] > 0).count();
    assert!(frozen >= 6, "{frozen} networks with a part in flash");
}
