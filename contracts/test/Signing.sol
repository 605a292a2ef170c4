// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "./Vm.sol";

/// A ballot as a person signs it, and the record that carries it; written from the EIPs, with nothing of the contracts.
struct Paper {
    uint256 proposalId;
    string title;
    string choice;
    uint32 seat;
    uint8 mark;
    bytes32 reason;
}

abstract contract Signing is Test {
    uint256 internal constant N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant BALLOT_TYPE =
        keccak256(
            "Ballot(uint256 proposalId,string proposal,string choice,uint32 seat,uint8 sequence,bytes32 reason)"
        );

    mapping(uint256 voter => address) private accounts;

    function keyOf(uint256 voter) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("voter", voter))) >> 4;
    }

    /// The account of a key takes a multiplication on the curve; histories ask for the same ones a hundred thousand times.
    function accountOf(uint256 voter) internal view returns (address account) {
        account = accounts[voter];
        if (account == address(0)) account = vm.addr(keyOf(voter));
    }

    function knowAccounts(uint256 count) internal {
        for (uint256 voter; voter < count; ++voter) accounts[voter] = vm.addr(keyOf(voter));
    }

    function domainOf(string memory name, address where) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, keccak256(bytes(name)), keccak256("1"), vm.getChainId(), where));
    }

    function typed(bytes32 domain, bytes32 structHash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function digestOf(bytes32 domain, Paper memory p) internal pure returns (bytes32) {
        bytes32 title = keccak256(bytes(p.title));
        bytes32 choice = keccak256(bytes(p.choice));
        return typed(domain, keccak256(abi.encode(BALLOT_TYPE, p.proposalId, title, choice, p.seat, p.mark >> 4, p.reason)));
    }

    function signature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// 69 bytes, or 101 with a reason.
    function record(bytes32 domain, Paper memory p, uint256 key) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(domain, p));
        return pack(p, r, uint256(s) | (uint256(v - 27) << 255));
    }

    /// The other signature that plain ecrecover takes for the same message.
    function twin(bytes32 domain, Paper memory p, uint256 key) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(domain, p));
        return pack(p, r, (N - uint256(s)) | (uint256(28 - v) << 255));
    }

    function pack(Paper memory p, bytes32 r, uint256 vs) internal pure returns (bytes memory) {
        if (p.reason == 0) return abi.encodePacked(p.seat, p.mark, r, vs);
        return abi.encodePacked(p.seat | 0x80000000, p.mark, r, vs, p.reason);
    }
}
