// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {ERC20PermitUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {ERC20VotesUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20VotesUpgradeable.sol";
import {NoncesUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/NoncesUpgradeable.sol";

/// The voting token of a new DAO. Its timelock, so its own vote, may mint more, up to the cap.
///
/// Invariants, and the test that holds each:
/// - past votes are those of the last checkpoint before: `testFuzz_past_votes_are_those_of_the_last_checkpoint_before`
contract AutoDaoToken is ERC20PermitUpgradeable, ERC20VotesUpgradeable {
    /// Second field of the namespace: the checkpoints by delegate.
    uint256 private constant CHECKPOINTS =
        (uint256(keccak256(abi.encode(uint256(keccak256("openzeppelin.storage.Votes")) - 1))) & ~uint256(0xff)) + 1;

    error OnlyTimelock();
    error UnequalLengths();

    address public timelock;
    uint96 private _cap;

    constructor() {
        _disableInitializers();
    }

    function initialize(
        string calldata name_,
        string calldata symbol_,
        address timelock_,
        uint96 cap,
        address[] calldata holders,
        uint256[] calldata amounts
    ) external initializer {
        if (holders.length != amounts.length) revert UnequalLengths();
        __ERC20_init(name_, symbol_);
        (timelock, _cap) = (timelock_, cap);
        for (uint256 i; i < holders.length; ++i) _mintVoting(holders[i], amounts[i]);
    }

    function mint(address to, uint256 amount) external {
        if (msg.sender != timelock) revert OnlyTimelock();
        _mintVoting(to, amount);
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// Most voters moved no votes since the time asked for: their newest checkpoint is the answer, without a search. It is
    /// read where ERC-7201 says that OpenZeppelin keeps it, because a batch of ballots asks for it once a ballot.
    function getPastVotes(address account, uint256 timepoint) public view override returns (uint256) {
        uint256 checkpoints = CHECKPOINTS;
        uint256 newest;
        assembly ("memory-safe") {
            mstore(0, account)
            mstore(0x20, checkpoints)
            let list := keccak256(0, 0x40)
            let n := sload(list)
            if n {
                mstore(0, list)
                newest := sload(add(keccak256(0, 0x20), sub(n, 1)))
            }
        }
        if (timepoint < block.timestamp && uint48(newest) <= timepoint) return newest >> 48;
        return super.getPastVotes(account, timepoint);
    }

    function nonces(address owner) public view override(ERC20PermitUpgradeable, NoncesUpgradeable) returns (uint256) {
        return super.nonces(owner);
    }

    /// The name is in the token already; a second copy of it would only cost.
    // solhint-disable-next-line func-name-mixedcase
    function _EIP712Name() internal view override returns (string memory) {
        return name();
    }

    // solhint-disable-next-line func-name-mixedcase
    function _EIP712Version() internal pure override returns (string memory) {
        return "1";
    }

    /// Who receives tokens from the mint votes with them at once, without a transaction of their own.
    function _mintVoting(address to, uint256 amount) private {
        if (delegates(to) == address(0)) _delegate(to, to);
        _mint(to, amount);
    }

    /// @notice The most there will ever be; a weight fits in the 96 bits that a ballot's record has for it.
    function maxSupply() external view returns (uint256) {
        return _cap;
    }

    function _maxSupply() internal view override returns (uint256) {
        return _cap;
    }

    function _update(
        address from,
        address to,
        uint256 value
    ) internal override(ERC20Upgradeable, ERC20VotesUpgradeable) {
        super._update(from, to, value);
    }
}
