// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// Somebody else's token: votes under the names that Compound's token gave them, in blocks, with a domain without version.
contract CompToken is ERC20 {
    using Checkpoints for Checkpoints.Trace208;

    bytes32 public constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)");
    bytes32 public constant DELEGATION_TYPEHASH =
        keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");

    mapping(address account => address) public delegates;
    mapping(address account => uint256) public nonces;
    mapping(address delegatee => Checkpoints.Trace208) private _votes;

    event DelegateChanged(address indexed delegator, address indexed fromDelegate, address indexed toDelegate);
    event DelegateVotesChanged(address indexed delegate, uint256 previousBalance, uint256 newBalance);

    error NotYetKnown(uint256 blockNumber);
    error InvalidSignature();

    constructor(string memory name, string memory symbol, address[] memory holders, uint256[] memory amounts)
        ERC20(name, symbol)
    {
        for (uint256 i; i < holders.length; ++i) {
            delegates[holders[i]] = holders[i];
            _mint(holders[i], amounts[i]);
        }
    }

    function delegate(address delegatee) external {
        _delegate(msg.sender, delegatee);
    }

    function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 domain = keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(name())), block.chainid, address(this)));
        bytes32 said = keccak256(abi.encode(DELEGATION_TYPEHASH, delegatee, nonce, expiry));
        address signer = ecrecover(keccak256(abi.encodePacked("\x19\x01", domain, said)), v, r, s);
        if (signer == address(0) || nonce != nonces[signer]++ || block.timestamp > expiry) revert InvalidSignature();
        _delegate(signer, delegatee);
    }

    function getCurrentVotes(address account) external view returns (uint96) {
        return uint96(_votes[account].latest());
    }

    function getPriorVotes(address account, uint256 blockNumber) external view returns (uint96) {
        if (blockNumber >= block.number) revert NotYetKnown(blockNumber);
        return uint96(_votes[account].upperLookupRecent(uint48(blockNumber)));
    }

    function _delegate(address delegator, address delegatee) private {
        address before = delegates[delegator];
        delegates[delegator] = delegatee;
        emit DelegateChanged(delegator, before, delegatee);
        _move(before, delegatee, balanceOf(delegator));
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        _move(delegates[from], delegates[to], value);
    }

    function _move(address from, address to, uint256 value) private {
        if (from == to || value == 0) return;
        if (from != address(0)) _write(from, _votes[from].latest() - uint208(value));
        if (to != address(0)) _write(to, _votes[to].latest() + uint208(value));
    }

    function _write(address delegatee, uint208 votes) private {
        (uint208 before,) = _votes[delegatee].push(uint48(block.number), votes);
        emit DelegateVotesChanged(delegatee, before, votes);
    }
}
